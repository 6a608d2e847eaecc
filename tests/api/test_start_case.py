"""Receiving a matter for somebody else."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case
from tests.api.conftest import REPORT, is_problem, picture


@pytest.fixture
def body(definition, town):
    return {"kind": "matter", "place": town.place.public_id, "answers": REPORT}


def test_gives_it_a_number(caller, body, town):
    answer = caller("station").write("/cases/", body, key="one")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get(public_id=answer.json()["id"])
    assert answer.json()["number"] == case.number
    assert (case.source, case.place, case.reporter.name) == ("station", town.place, "周**")


def test_answers_the_same_when_the_key_is_repeated(caller, body):
    station = caller("station")
    first, again = (station.write("/cases/", body, key="one") for _ in range(2))
    assert (again.status_code, again.json()) == (201, first.json())
    assert Case.objects.count() == 1


def test_gives_another_case_for_another_key(caller, body):
    for key in ("one", "two"):
        caller("station").write("/cases/", body, key=key)
    assert Case.objects.count() == 2


def test_does_not_mix_the_keys_of_two_callers(caller, body):
    numbers = {
        caller(name).write("/cases/", body, key="one").json()["number"] for name in ("station", "office")
    }
    assert len(numbers) == 2


def test_refuses_a_request_without_a_key(caller, body):
    assert is_problem(caller("station").write("/cases/", body), 422, "key_missing")
    assert not Case.objects.exists()


def test_refuses_someone_whose_post_does_not_include_it(caller, body):
    assert is_problem(caller("a").write("/cases/", body, key="one"), 403, "not_your_act")
    assert not Case.objects.exists()


def test_counts_from_the_day_it_was_received(caller, body):
    body["received_at"] = "2026-08-28T15:00:00+08:00"
    answer = caller("station").write("/cases/", body, key="one")
    assert Case.objects.get(public_id=answer.json()["id"]).received_on.isoformat() == "2026-08-28"


@pytest.mark.parametrize("moment", ["2026-09-02T10:01:00+08:00", "soon", "99999-01-01T00:00:00Z"])
def test_refuses_a_moment_to_come_or_none(caller, body, moment):
    answer = caller("station").write("/cases/", {**body, "received_at": moment}, key="one")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["received_at"]


def test_says_of_each_answer_what_needs_correcting(caller, body):
    answers = {**REPORT, "words": "短", "phone": "1", "extra": 1}
    answer = caller("station").write("/cases/", {**body, "answers": answers}, key="one")
    assert is_problem(answer, 422, "answers_rejected")
    assert set(answer.json()["problems"]) == {"words", "phone", ""}
    assert not Case.objects.exists()


def test_refuses_a_place_that_is_not_there(caller, body):
    answer = caller("station").write("/cases/", {**body, "place": "nowhere"}, key="one")
    assert is_problem(answer, 422, "place_unknown")


def test_refuses_a_kind_that_is_not_published(caller, body):
    answer = caller("station").write("/cases/", {**body, "kind": "motion"}, key="one")
    assert is_problem(answer, 422, "kind_unknown")


def test_takes_the_photos_that_were_staged(caller, body, office):
    station = caller("station")
    upload = station.write("/files/", {"kind": "photo", "file": picture()}, format="multipart")
    body["answers"] = {**REPORT, "photos": [upload.json()["id"]]}
    made = station.write("/cases/", body, key="one").json()
    (photo,) = office.read(f"/cases/{made['id']}/").json()["photos"]
    assert photo["id"] == upload.json()["id"]
    again = station.write("/cases/", body, key="two")
    assert is_problem(again, 409, "attachment_gone")
