"""The page on which running cases go over to a new version: empty, full, refused, at work, taken back, for few."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from huiyin.cases.models import Case, Task
from huiyin.directory.models import Account
from huiyin.directory.roles import Role
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle import sandbox, storing
from huiyin.lifecycle.models import Migration


@pytest.fixture(params=[Role.DESIGNER, Role.ADMIN])
def manager(request, town) -> Client:
    person = sandbox.add_person(town, "manager", request.param)
    account = Account.objects.create(username="manager", person=person)
    client = Client()
    client.force_login(account, backend="huiyin.config.demo_accounts.GuardedBackend")
    return client


def renamed(bundle, was: str = "screen", now: str = "sift"):
    text = bundle.diagram.decode()
    for place in ("id", "sourceRef", "targetRef", "bpmnElement", "attachedToRef"):
        text = text.replace(f' {place}="{was}"', f' {place}="{now}"')
    return replace(bundle, diagram=text.encode())


@pytest.fixture
def newer(town, definition, matter_bundle):
    return storing.store(renamed(matter_bundle), town.jurisdiction, version=2, by=None, now=timezone.now())


def url(definition) -> str:
    return f"/definitions/{definition.public_id}/move/"


def shown(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def begin(client, definition, **steps):
    return client.post(
        url(definition), {"to": target_of(definition), **{f"map.{k}": v for k, v in steps.items()}}
    )


def target_of(definition) -> str:
    known = definition.__class__.objects.filter(
        jurisdiction=definition.jurisdiction, process=definition.process
    )
    return known.exclude(pk=definition.pk).get().public_id


def work() -> None:
    for pk in Job.objects.filter(subject_kind="migration", status="waiting").values_list("pk", flat=True):
        jobs.run(pk, now=timezone.now())


def test_says_that_there_is_nowhere_to_go(manager, definition):
    assert "这个流程只发布过一个版本" in shown(manager, url(definition))


def test_says_that_nothing_runs(manager, definition, newer):
    text = shown(manager, url(definition))
    assert "这个版本没有在办事项" in text
    assert begin(manager, definition).status_code == 409


def test_previews_by_step_and_asks_for_what_is_missing(manager, definition, newer, matter):
    text = shown(manager, url(definition))
    for wanted in ("筛查", "需指定对应环节", "新版没有环节「筛查」", 'name="map.screen"', "disabled"):
        assert wanted in text
    assert matter.title not in text
    text = shown(manager, f"{url(definition)}?map.screen=sift")
    assert "可直接迁移 1" in text
    assert '<option value="sift" selected>' in text
    assert not Migration.objects.exists()


def test_a_mapping_to_nowhere_is_refused_with_a_sentence(manager, definition, newer, matter):
    assert "nowhere" in shown(manager, f"{url(definition)}?map.screen=nowhere", 422)
    assert begin(manager, definition, screen="nowhere").status_code == 422
    assert not Migration.objects.exists()


def test_moves_shows_how_far_it_is_and_takes_back(manager, definition, newer, matter):
    answer = begin(manager, definition, screen="sift")
    assert answer.status_code == 302
    text = shown(manager, answer["Location"])
    assert manager.get(answer["Location"])["Refresh"]
    assert "正在迁移" in text
    assert "已处理 0 / 1 件" in text
    work()
    text = shown(manager, answer["Location"])
    assert "迁移完成" in text
    assert "Refresh" not in manager.get(answer["Location"])
    assert "每一件都成功了" in text
    assert Task.objects.open().get(case=matter).step_id == "sift"
    assert "v1 → v2" in shown(manager, "/definitions/")
    assert manager.post(f"{answer['Location']}revert/").status_code == 302
    assert "正在退回" in shown(manager, answer["Location"])
    work()
    assert "已退回" in shown(manager, answer["Location"])
    assert Task.objects.open().get(case=matter).step_id == "screen"
    assert manager.post(f"{answer['Location']}revert/").status_code == 409


def test_lists_what_stayed_by_its_number_with_the_reason(manager, definition, newer, matter):
    answer = begin(manager, definition)
    work()
    text = shown(manager, answer["Location"])
    assert matter.number in text
    assert "新版没有环节「筛查」：请指定对应的新环节" in text
    assert "查看并再次迁移" in text


def test_the_pages_of_a_moved_matter_work(manager, client_of, definition, newer, answered, matter_bundle):
    """Its past is read by the version under which it happened, also where the new one has other forms."""
    forms = {name: form for name, form in matter_bundle.forms.items() if name != "dispatch"}
    forms["handing"] = matter_bundle.forms["dispatch"]
    text = matter_bundle.diagram.decode().replace(
        'name="form" value="dispatch"', 'name="form" value="handing"'
    )
    third = storing.store(
        replace(matter_bundle, diagram=text.encode(), forms=forms), newer.jurisdiction, version=3, by=None,
        now=timezone.now(),
    )  # fmt: skip
    answer = manager.post(url(definition), {"to": third.public_id})
    work()
    assert Case.objects.get().definition_id == third.pk, shown(manager, answer["Location"])
    done = Task.objects.get(step_id="dispatch")
    for language in ("zh-hans", "en"):
        client = client_of("office")
        client.cookies["django_language"] = language
        assert answered.number in shown(client, f"/cases/{answered.public_id}/")
        shown(client, f"/tasks/{done.public_id}/")
    assert "改按" in shown(client_of("office"), f"/cases/{answered.public_id}/")


def test_is_for_designer_and_administrator_alone(client_of, definition, newer, matter):
    office = client_of("congress")
    assert office.get(url(definition)).status_code == 403
    assert begin(office, definition).status_code == 403
    assert "迁移在办事项" not in shown(office, "/definitions/")
    assert office.get("/migrations/nothing/").status_code == 403
    assert Client().get(url(definition))["Location"].startswith("/sign-in/")


def test_is_linked_where_the_old_version_is_listed(manager, definition, newer, matter):
    text = shown(manager, "/definitions/")
    assert url(definition) in text
    assert url(newer) not in text


def test_is_whole_in_english(manager, definition, newer, matter):
    manager.cookies["django_language"] = "en"
    text = shown(manager, url(definition))
    for wanted in ("Move running cases", "Needs a mapping", "has no step"):
        assert wanted in text
    batch = begin(manager, definition)["Location"]
    assert "Moving" in shown(manager, batch)


def test_the_command_previews_moves_and_takes_back(definition, newer, matter, capsys):
    town = ["--jurisdiction", definition.jurisdiction.code]
    call_command("move_cases", "matter", "1", "2", *town)
    assert "mapping 1" in capsys.readouterr().out
    call_command("move_cases", "matter", "1", "2", "--map", "screen=sift", "--run", *town)
    assert "moved 1" in capsys.readouterr().out
    assert Case.objects.get().definition_id == newer.pk
    work()  # the background finds it done
    call_command("move_cases", "--revert", Migration.objects.get().public_id)
    assert "returned 1" in capsys.readouterr().out
    assert Case.objects.get().definition_id == definition.pk
    for wrong in (
        ["matter", "1", "9"],
        ["matter", "1"],
        ["matter", "1", "2", "--map", "screen"],
        ["--revert", "no"],
    ):
        with pytest.raises(CommandError):
            call_command("move_cases", *wrong)
