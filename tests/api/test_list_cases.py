"""The list of cases."""

from __future__ import annotations

import pytest

from huiyin.directory.models import Place
from tests.api.conftest import is_problem
from tests.api.test_list_tasks import walk


@pytest.fixture
def cases(start):
    return [
        start("旧桥栏杆断了一截，请尽快修复，谢谢。", on="2026-08-30T09:00"),
        start("小学门口没有斑马线，放学时很危险。", on="2026-09-01T09:00"),
        start("垃圾三天没有清运了，气味很大，请处理。", on="2026-09-01T11:00"),
    ]


def test_goes_from_the_newest_to_the_oldest(office, cases):
    shown = walk(office, "/cases/", page_size=1)
    assert [case["id"] for case in shown] == [case.public_id for case in reversed(cases)]
    assert shown[0]["status"] == {"text": "办理中", "tone": "calm"}


def test_holds_only_what_one_may_see(cases, caller, stranger, play):
    assert len(walk(caller("station"), "/cases/")) == 3
    assert walk(stranger, "/cases/") == []
    play(cases[0], "screen", {"screening": "accept"})
    play(cases[0], "dispatch", {"route": "units", "units": {"lead": "@unit.c"}})
    assert [case["id"] for case in walk(stranger, "/cases/")] == [cases[0].public_id]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "matter"}, [0, 1, 2]),
        ({"kind": "motion"}, []),
        ({"open": True}, [0, 1, 2]),
        ({"open": False}, []),
        ({"round": 1}, [0, 1, 2]),
        ({"round": 2}, []),
        ({"received_on_after": "2026-09-01"}, [1, 2]),
        ({"received_on_before": "2026-08-31"}, [0]),
        ({"received_on_after": "2026-08-30", "received_on_before": "2026-08-30"}, [0]),
        ({"q": "斑马线"}, [1]),
        ({"q": "%"}, []),
    ],
)
def test_is_narrowed_by_its_filters(office, cases, query, found):
    shown = {case["id"] for case in walk(office, "/cases/", **query)}
    assert shown == {cases[n].public_id for n in found}


def test_finds_a_case_by_its_number(office, cases):
    assert [case["id"] for case in walk(office, "/cases/", number=cases[1].number)] == [cases[1].public_id]


def test_takes_in_what_lies_in_a_place(office, cases, town):
    grid, outside = town.place, Place.objects.exclude(jurisdiction=town.jurisdiction)
    assert not outside.exists()
    elsewhere = Place.objects.create(
        jurisdiction=town.jurisdiction, level="county", code="else", name="别处", pinyin="bc", path="/else/"
    )
    assert len(walk(office, "/cases/", place=grid.parent.public_id)) == 3
    assert len(walk(office, "/cases/", place=grid.public_id)) == 3
    assert walk(office, "/cases/", place=elsewhere.public_id) == []


def test_refuses_a_place_that_is_not_there(office, cases):
    answer = office.read("/cases/", place="nowhere")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["place"]
