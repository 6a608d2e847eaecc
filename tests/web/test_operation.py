"""The operator's page: empty, full, refused, and for nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.cases.models import CaseState
from huiyin.directory.models import Account
from huiyin.directory.roles import Role
from huiyin.jobs import registry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident
from huiyin.lifecycle import sandbox
from huiyin.web.pages import operation


@pytest.fixture
def operator(town, client):
    person = sandbox.add_person(town, "admin", Role.ADMIN)
    account = Account.objects.create(username="admin", person=person)
    client.force_login(account, backend="huiyin.config.demo_accounts.GuardedBackend")
    return client


@pytest.fixture
def incident(matter) -> Incident:
    return jobs.open_incident(
        subject_kind="case", subject_id=matter.pk, what="complete_task", step_id="screen",
        error="g_screened: no outcome fits", now=timezone.now(),
    )  # fmt: skip


def page(client) -> str:
    answer = client.get("/operation/")
    assert answer.status_code == 200
    return answer.content.decode()


def decide(client, incident, name, **posted):
    return client.post(f"/operation/incidents/{incident.public_id}/{name}/", posted)


def test_says_that_all_is_well(operator):
    text = page(operator)
    assert "没有待处理的故障" in text
    assert "还没有后台任务" in text


def test_names_the_matter_the_step_and_the_error_and_not_the_words(operator, matter, incident):
    text = page(operator)
    for wanted in (matter.number, "筛查", "g_screened: no outcome fits", "办理环节", "更正数据后重试"):
        assert wanted in text
    assert matter.title not in text


def test_says_that_nobody_works(operator, matter):
    jobs.enqueue(jobs.Work("history.seal", "system", 0, "old", timezone.now() - timedelta(minutes=9)))
    text = page(operator)
    assert "没有人做" in text
    assert "封存办理记录" in text


def test_a_decision_is_kept_and_shown(operator, incident):
    assert decide(operator, incident, "skip", reason="已改由电话办理").status_code == 302
    text = page(operator)
    assert "没有待处理的故障" in text
    assert "已改由电话办理" in text


def test_a_decision_without_a_reason_is_refused_and_what_was_typed_stays(operator, incident):
    answer = decide(operator, incident, "correct", reason="", facts="round = 2")
    assert answer.status_code == 422
    assert "round = 2" in answer.content.decode()
    answer = decide(operator, incident, "correct", reason="轮次记错", facts="round = two")
    assert answer.status_code == 422
    assert "名称 = 值" in answer.content.decode()
    assert "轮次记错" in answer.content.decode()
    assert Incident.objects.open().exists()


def test_facts_are_corrected_from_the_page(operator, matter, incident):
    before = bytes(CaseState.objects.get(case=matter).state)
    answer = decide(operator, incident, "correct", reason="轮次记错", facts='round = 2\n\nverdict = "redo"')
    assert answer.status_code == 302
    assert bytes(CaseState.objects.get(case=matter).state) != before
    assert Incident.objects.get().resolution == "corrected"


def test_is_for_the_operator_alone(client_of, incident):
    office = client_of("office")
    assert office.get("/operation/").status_code == 403
    assert decide(office, incident, "retry").status_code == 404
    assert "运行状况" not in office.get("/tasks/").content.decode()
    assert Incident.objects.open().exists()


def backup_of(settings, folder, age: timedelta) -> None:
    settings.BACKUP_DIR = str(folder)
    made = folder / "huiyin-20260901-030000"
    made.mkdir(parents=True)
    (made / "database.dump").write_bytes(b"x" * 2048)
    about = {"made_at": (timezone.now() - age).isoformat(), "attachments": {"bytes": 1024}}
    (made / "manifest.json").write_text(json.dumps(about))


def test_tells_how_old_the_last_backup_is(operator, settings, tmp_path):
    backup_of(settings, tmp_path / "backups", timedelta(hours=3))
    text = page(operator)
    assert "最近一次完整备份" in text
    assert "3 小时" in text.replace("\xa0", " ")
    assert "昨夜没有备份" not in text


def test_a_missed_backup_is_told(operator, settings, tmp_path):
    backup_of(settings, tmp_path / "backups", timedelta(hours=30))
    assert "昨夜没有备份" in page(operator)
    (tmp_path / "backups" / "huiyin-20260901-030000" / "manifest.json").write_text("{")
    assert "还没有备份" in page(operator)


def test_says_where_no_backup_is_made(operator, settings):
    settings.BACKUP_DIR = ""
    assert "不做每日备份" in page(operator)


def test_every_kind_of_background_work_has_a_name():
    assert len(registry.kinds()) > 8
    assert sorted(registry.kinds() - set(operation.WORK)) == []
