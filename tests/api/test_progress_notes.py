"""Progress notes."""

from __future__ import annotations

from datetime import timedelta

from huiyin.cases.models import ProgressNote
from huiyin.core import time_source
from tests.api.conftest import NOW, is_problem, picture
from tests.api.test_list_tasks import walk


def report(client, task, text: str, **more: object):
    return client.write(
        f"/tasks/{task.public_id}/progress/", {"answers": {"progress": {"text": text, **more}}}
    )


def test_are_written_while_the_task_stays_open(caller, work):
    assert report(caller("a"), work, "灯具已到货。", stage="备料").status_code == 204
    work.refresh_from_db()
    assert work.status == "open"
    (note,) = walk(caller("a"), f"/cases/{work.case.public_id}/notes/")
    assert (note["stage"], note["text"], note["unit"], note["by"]) == (
        "备料",
        "灯具已到货。",
        "a局",
        "承办人",
    )


def test_carry_their_photos(caller, work):
    handler = caller("a")
    photo = handler.write("/files/", {"kind": "photo", "file": picture()}, format="multipart").json()["id"]
    assert report(handler, work, "灯具已到货。", photos=[photo]).status_code == 204
    with time_source.standing_at(NOW + timedelta(minutes=1)):
        report(handler, work, "正在安装。")
    first, second = walk(handler, f"/cases/{work.case.public_id}/notes/", page_size=1)
    assert [found["id"] for found in first["photos"]] == [photo]
    assert second["photos"] == []
    shown = handler.read(f"/cases/{work.case.public_id}/").json()["rounds"][0]["notes"]
    assert shown == [first, second]


def test_are_refused_without_words(caller, work):
    answer = report(caller("a"), work, "")
    assert is_problem(answer, 422, "answers_rejected")
    assert list(answer.json()["problems"]) == ["progress"]
    assert not ProgressNote.objects.exists()


def test_are_refused_from_someone_who_is_not_asked(caller, work):
    assert is_problem(report(caller("station"), work, "灯具已到货。"), 403, "not_yours")
    assert not ProgressNote.objects.exists()


def test_are_refused_from_a_stranger(stranger, work):
    assert is_problem(report(stranger, work, "灯具已到货。"), 404, "not_found")
    assert not ProgressNote.objects.exists()


def test_are_those_of_one_case_alone(caller, work, start):
    report(caller("a"), work, "灯具已到货。")
    assert walk(caller("office"), f"/cases/{start().public_id}/notes/") == []
