"""收回 in the grid: what was just done there is offered to take back, until the next person acts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case, Recall, Task
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, task_of, three_at
from tests.web.test_suggestions import text

GRID = reverse("grid", args=["propose"])


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-03 10:00")):
        yield


@pytest.fixture
def cases(town) -> list[Case]:
    """Three suggestions for which the government's office proposes units."""
    return three_at(town, "propose")


@pytest.fixture
def office(client_of) -> Client:
    return client_of("government")


def rows_of(cases: list[Case], town) -> dict[str, object]:
    tasks = [task_of(case, "propose") for case in cases]
    lead = town.units["a"].public_id
    said = {f"r-{task.public_id}.units.lead": lead for task in tasks}
    return {**said, "row": [task.public_id for task in tasks], "save": "chosen", "key": "monday"}


def test_offers_each_row_and_all_of_them_where_the_step_can_be_taken_back(office, cases, town):
    answer = office.post(GRID, rows_of(cases[:2], town))
    assert answer["Location"] == f"{GRID}?done=monday"
    shown = text(office.get(answer["Location"]))
    assert "刚办理的 2 件" in shown
    assert 'name="recall" value="all"' in shown
    assert "刚办理的" not in text(office.get(GRID))


def test_takes_one_row_back_with_its_words_and_leaves_the_other(office, cases, town):
    first = task_of(cases[0], "propose")
    office.post(GRID, rows_of(cases[:2], town))
    answer = office.post(GRID, {"recall": first.public_id, "done": "monday"}, follow=True)
    shown = text(answer)
    assert "已收回 1 件" in shown
    assert "刚办理的 1 件" in shown
    assert f'<option value="{town.units["a"].public_id}" selected' in shown
    assert task_of(cases[0], "propose") == first
    assert Task.objects.open().filter(case=cases[1], step_id="preview").exists()


def test_takes_all_back_though_no_row_is_left_in_the_grid(office, cases, town):
    answer = office.post(GRID, rows_of(cases, town))
    empty = text(office.get(answer["Location"]))
    assert "这一环节已经办完" in empty
    assert "全部收回" in empty
    assert "已收回 3 件" in text(office.post(GRID, {"recall": "all", "done": "monday"}, follow=True))
    assert Task.objects.open().filter(step_id="propose").count() == 3


def test_keeps_what_is_typed_in_other_rows(office, cases, town):
    office.post(GRID, rows_of(cases[:1], town))
    other = task_of(cases[2], "propose").public_id
    typed = {f"r-{other}.remarks": "请两家商量后再报。", "recall": "all", "done": "monday"}
    answer = office.post(GRID, typed)
    assert "请两家商量后再报。" in text(answer)
    assert task_of(cases[0], "propose")


def test_says_that_the_next_person_has_acted(office, cases, town):
    office.post(GRID, rows_of(cases[:1], town))
    done = Task.objects.get(case=cases[0], step_id="propose", status="done")
    do(town, cases[0], "preview", {"opinion": "agree"}, time_source.now(), "a")
    assert "刚办理的" not in text(office.get(f"{GRID}?done=monday"))
    answer = office.post(GRID, {"recall": done.public_id, "done": "monday"})
    assert answer.status_code == 409
    assert "不能再收回" in text(answer)
    assert not Recall.objects.exists()


def test_offers_nothing_of_what_gave_a_number(client_of, town):
    case = play_until(town, "screen")
    task, grid = task_of(case, "screen"), reverse("grid", args=["screen"])
    sent = {f"r-{task.public_id}.screening": "accept", f"r-{task.public_id}.register.category": "water"}
    answer = client_of("office").post(grid, {**sent, "save": task.public_id, "key": "monday"}, follow=True)
    assert "已办理 1 件" in text(answer)
    assert "刚办理的" not in text(answer)


def test_is_the_senders_alone(client_of, office, cases, town):
    task = task_of(cases[0], "propose")
    office.post(GRID, rows_of(cases[:1], town))
    for name in ("office", "a", "congress"):
        other = client_of(name)
        assert "刚办理的" not in text(other.get(f"{GRID}?done=monday"))
        other.post(GRID, {"recall": task.public_id, "done": "monday"})
    assert not Recall.objects.exists()
