"""The list of tasks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import signing

from huiyin.cases.models import Task
from tests.api.conftest import NOW, is_problem


def walk(client, path: str, **query: object) -> list[dict]:
    """Every row, page by page; fails when it goes in a circle."""
    found, answer = [], client.read(path, **query).json()
    found += answer["results"]
    for _ in range(300):
        if answer["next"] is None:
            return found
        answer = client.get(answer["next"]).json()
        assert answer["results"], "a page that follows is never empty"
        found += answer["results"]
    raise AssertionError("the pages never end")


@pytest.fixture
def many(screen):
    """120 tasks for the office: a third without a due date, a third due on one day, a third on days of their own."""
    screen.due_on = None
    screen.save()
    one_day = date(2026, 9, 10)
    dues = [None, one_day, one_day]
    rows = [
        Task(
            case=screen.case,
            key=f"key{n}",
            step_id="screen",
            name="筛查",
            form="screen",
            address=screen.address,
            role=screen.role,
            place=screen.place,
            round=1,
            due_on=date(2026, 9, 1) + timedelta(days=n) if n % 3 == 2 else dues[n % 3],
            opened_at=NOW if n % 2 else screen.opened_at,
        )
        for n in range(119)
    ]
    Task.objects.bulk_create(rows)
    return {row.public_id for row in rows} | {screen.public_id}


@pytest.mark.parametrize("size", [7, 50, 119, 120, 200])
def test_shows_each_task_once_whatever_the_page(office, many, size):
    ids = [task["id"] for task in walk(office, "/tasks/", page_size=size)]
    assert len(ids) == 120
    assert set(ids) == many


def test_goes_by_due_date_with_the_undated_last(office, many):
    dues = [task["due_on"] for task in walk(office, "/tasks/", page_size=11)]
    dated = [due for due in dues if due is not None]
    assert dated == sorted(dated)
    assert dues[len(dated) :] == [None] * 41


def test_loses_none_when_rows_before_the_cursor_go_away(office, many):
    first = office.read("/tasks/", page_size=60).json()
    gone = [task["id"] for task in first["results"][:30]]
    Task.objects.filter(public_id__in=gone).update(status="done", closed_at=NOW)
    rest = office.get(first["next"]).json()
    assert {task["id"] for task in first["results"]} | {task["id"] for task in rest["results"]} == many
    assert rest["next"] is None


def test_goes_on_past_a_thousand_equal_dates(office, screen):
    """REST framework's own cursor counts equal rows, and only up to a thousand."""
    fields = {"form": "screen", "address": screen.address, "role": screen.role, "place": screen.place}
    Task.objects.bulk_create(
        Task(case=screen.case, key=f"key{n}", step_id="s", name="筛查", round=1, opened_at=NOW, **fields)
        for n in range(1100)
    )
    assert len({task["id"] for task in walk(office, "/tasks/", page_size=200)}) == 1101


@pytest.mark.parametrize("cursor", ["x", "WyIyMDI2LTA5LTAxIl0", "a:b:c"])
def test_refuses_a_cursor_it_did_not_give_out(office, many, cursor):
    assert is_problem(office.read("/tasks/", cursor=cursor), 422, "cursor_unknown")


def test_refuses_the_cursor_of_another_list(office, many, start):
    start()
    start()
    following = office.read("/cases/", page_size=1).json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0].replace("%3A", ":")
    assert office.read("/cases/", cursor=cursor).status_code == 200
    assert is_problem(office.read("/tasks/", cursor=cursor), 422, "cursor_unknown")


def test_shows_no_number_of_a_row(office, many):
    """The cursor is made of what the last row shows anyway."""
    following = office.read("/tasks/", page_size=1).json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0].replace("%3A", ":")
    shown = office.read("/tasks/", page_size=1).json()["results"][0]
    assert signing.loads(cursor, salt="api.cursor.ByDue")[-1] == shown["id"]


def test_holds_only_what_waits_for_me(office, caller, screen):
    assert [task["id"] for task in walk(office, "/tasks/")] == [screen.public_id]
    assert walk(caller("station"), "/tasks/") == []
    assert walk(caller("a"), "/tasks/") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"step": "screen"}, 1),
        ({"step": "work"}, 0),
        ({"kind": "matter"}, 1),
        ({"kind": "motion"}, 0),
        ({"late": True}, 0),
        ({"late": False}, 1),
        ({"claimed_by_me": True}, 0),
        ({"claimed_by_me": False}, 1),
        ({"after_close": False}, 1),
        ({"after_close": True}, 0),
    ],
)
def test_is_narrowed_by_its_filters(office, screen, query, found):
    assert len(walk(office, "/tasks/", **query)) == found


def test_tells_late_from_due_today(office, screen):
    Task.objects.filter(pk=screen.pk).update(due_on=date(2026, 9, 2))
    assert walk(office, "/tasks/", late=True) == []
    Task.objects.filter(pk=screen.pk).update(due_on=date(2026, 9, 1))
    late = walk(office, "/tasks/", late=True)
    assert [task["badge"] for task in late] == [{"text": "超期 1 天", "tone": "late"}]


def test_shows_my_claims(office, screen):
    office.write(f"/tasks/{screen.public_id}/claim/")
    assert len(walk(office, "/tasks/", claimed_by_me=True)) == 1
    assert walk(office, "/tasks/", claimed_by_me=False) == []


def test_refuses_a_filter_it_cannot_read(caller, office, case):
    answer = office.read("/cases/", received_on_after="yesterday")
    assert is_problem(answer, 422, "invalid")
    assert len(answer.json()["problems"]) == 1
    assert office.read("/cases/", q="\0").status_code == 422


def test_asks_the_database_alike_for_one_task_and_for_many(office, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        office.read("/tasks/", page_size=100)
