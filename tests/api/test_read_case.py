"""Reading a case."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case, Task
from tests.api.conftest import is_problem

WORK = {
    "contact": {"way": "phone", "on": "2026-09-02", "text": "电话说明了维修安排。"},
    "progress": {"stage": "修复", "text": "更换灯具两盏，已恢复照明。"},
}
REPLY = {"reply": {"result": "done", "text": "经现场查看，已更换灯具两盏并恢复照明，感谢您的反映。"}}


def test_tells_what_happened_in_each_round(office, handled, play, town):
    play(handled, "work", WORK, unit="a")
    play(handled, "reply", REPLY)
    shown = office.read(f"/cases/{handled.public_id}/").json()
    (first,) = shown["rounds"]
    assert [(row["unit"], row["part"]) for row in first["assignments"]] == [
        (town.units["a"].public_id, "lead")
    ]
    assert [(note["stage"], note["unit"]) for note in first["notes"]] == [("修复", "a局")]
    assert [(row["way"], row["confirmed"]) for row in first["contacts"]] == [("phone", None)]
    assert (first["reply"]["result"], first["reply"]["by"]) == ("done", "承办人")
    assert [stage["state"] for stage in shown["stages"]] == ["done"] * 4 + ["current", "todo"]


def test_says_of_each_deadline_why_it_is_on_that_day(office, handled):
    clocks = office.read(f"/cases/{handled.public_id}/").json()["clocks"]
    assert clocks
    assert clocks[0]["running"]
    assert all(clock["why"] and clock["article"] for clock in clocks)


def test_says_whose_turn_it_is(office, handled, work):
    (turn,) = office.read(f"/cases/{handled.public_id}/").json()["turns"]
    assert (turn["id"], turn["name"], turn["who"]) == (work.public_id, "办理", "a局")


def test_shows_the_telephone_to_those_who_call_back(caller, handled):
    assert caller("a").read(f"/cases/{handled.public_id}/").json()["contact"]["phone"] == "13800000000"
    assert caller("deputy").read(f"/cases/{handled.public_id}/").json()["contact"] == {}


@pytest.mark.parametrize("address", ["", "history/", "notes/"])
def test_tells_a_stranger_of_no_such_case(stranger, handled, address):
    assert is_problem(stranger.read(f"/cases/{handled.public_id}/{address}"), 404, "not_found")


def test_shows_a_restricted_case_to_the_congress_office_alone(office, caller, case):
    station = caller("station")
    assert station.read(f"/cases/{case.public_id}/").status_code == 200
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert is_problem(station.read(f"/cases/{case.public_id}/"), 404, "not_found")
    assert office.read(f"/cases/{case.public_id}/").status_code == 200


def test_loses_sight_when_a_post_ends(office, case):
    office.person.posts.update(to_on="2026-09-02")
    assert is_problem(office.read(f"/cases/{case.public_id}/"), 404, "not_found")
    assert office.read("/tasks/").json()["results"] == []
    assert Task.objects.open().exists()


def test_never_shows_the_number_of_a_row(office, handled, play):
    play(handled, "work", WORK, unit="a")

    def ids(value):
        if isinstance(value, dict):
            yield from (inner for name, inner in value.items() if name == "id")
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from ids(inner)

    found = list(ids(office.read(f"/cases/{handled.public_id}/").json()))
    assert len(found) > 3
    assert all(isinstance(one, str) and len(one) == 16 for one in found)
