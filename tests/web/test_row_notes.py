"""Beside a row stands what it takes to decide: the objection and its rule, the reply ask by ask, who did such matters before."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from huiyin.cases.models import Case, Clock, DraftAnswer, DraftReview, Objection, Rating, Task
from huiyin.congress import experience
from huiyin.core import time_source
from huiyin.history import selectors as history
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, publish, task_of
from tests.web.test_grid import said
from tests.web.test_suggestions import text


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-11 10:00")):
        yield


EXTENSION = {
    "contact": {"way": "visit", "on": "2026-02-05", "text": "登门与代表面商，听取意见。"},
    "progress": {"text": "管线复杂，需要更多时间。"},
    "working": "extend",
    "extension": {"to": "2026-07-01", "reason": "涉及面广，需分段停水施工。"},
}


@pytest.fixture
def objected(town) -> Case:
    """A suggestion whose lead unit says that it is another's."""
    case = play_until(town, "sign")
    answers = {"sign": "object", "objection": {"reason": "管网改造由供水公司负责。", "suggest": "@unit.c"}}
    do(town, case, "sign", answers, moment("2026-02-03 09:00"), "a")
    return case


def grid_of(step: str) -> str:
    return reverse("grid", args=[step])


def office_of(client_of, task: Task):
    """The client of whoever the task waits for: one of the offices."""
    names = {"congress_office": "office", "government_office": "government"}
    return client_of(names[task.role])


def test_rules_on_an_objection_with_the_rule_beside_it(client_of, objected):
    case, task = objected, task_of(objected, "ruling")
    office = office_of(client_of, task)
    shown = text(office.get(grid_of("ruling")))
    reason = Objection.objects.get(case=case).reason
    assert f"提出异议：{reason}" in shown
    assert "建议改由c局承办。" in shown
    assert f"提出异议：{Objection.objects.get(case=case).reason}" in text(
        office.get(reverse("task", args=[task.public_id]))
    )
    assert "提出异议：自收到交办起 10日（第14条）" in shown
    row = said(case, "ruling", ruling__decision="refused", ruling__reason="属于你单位职责。")
    assert "已办理 1 件。" in text(
        office.post(grid_of("ruling"), {**row, "save": task.public_id}, follow=True)
    )
    assert Objection.objects.get(case=case).upheld is False


def test_a_ruling_without_its_reason_comes_back(client_of, objected):
    case, task = objected, task_of(objected, "ruling")
    row = said(case, "ruling", ruling__decision="upheld")
    answer = office_of(client_of, task).post(grid_of("ruling"), {**row, "save": task.public_id})
    assert answer.status_code == 422
    assert "form-problem" in text(answer)
    assert task_of(case, "ruling") == task


def test_decides_on_an_extension_with_the_longest_period_beside_it(client_of, town):
    case = play_until(town, "work")
    do(town, case, "work", EXTENSION, moment("2026-02-10 10:00"), "a")
    shown = text(office_of(client_of, task_of(case, "extension_ruling")).get(grid_of("extension_ruling")))
    assert "申请延至 2026-07-01" in shown
    assert "最长答复期限：自交办起 6个月（第21条；代表法（2025）第51条）" in shown


def test_sends_a_hollow_reply_back_with_remarks_from_beside_the_asks(client_of, town):
    case = play_until(town, "inspect")
    task = task_of(case, "inspect")
    office = office_of(client_of, task)
    shown = text(office.get(grid_of("inspect")))
    assert "年内完成老城区主管网改造" in shown
    answer = DraftAnswer.objects.filter(draft__case=case).first()
    assert answer.text in shown
    assert 'name="all.' not in shown  # nobody lets replies through unread
    bare = said(case, "inspect", review__decision="return")
    assert office.post(grid_of("inspect"), {**bare, "save": task.public_id}).status_code == 422
    row = said(case, "inspect", review__decision="return", review__remarks="没有写明完成时间，请补充。")
    assert "已办理 1 件。" in text(
        office.post(grid_of("inspect"), {**row, "save": task.public_id}, follow=True)
    )
    assert DraftReview.objects.filter(
        case=case, decision="return", remarks="没有写明完成时间，请补充。"
    ).exists()


def test_names_the_units_that_led_such_matters_and_how_it_went(client_of, town):
    definition = publish(town)
    done = play_until(town, "rate", definition=definition)
    case = play_until(town, "propose", definition=definition)
    government = client_of("government")
    shown = text(government.get(grid_of("propose")))
    assert "办过类似事项的单位" in shown
    lead = done.assignments.get(part="lead").unit
    assert f"<strong>{lead.name}</strong>" in shown
    assert "按期" in shown
    Clock.objects.filter(case=done, rule__code="suggestion.answer").update(
        due_on="2026-02-03", started_on="2026-02-01"
    )
    Rating.objects.create(
        case=done, round=1, by=done.reporter, at=time_source.now(), rater="deputy", result="dissatisfied"
    )
    shown = text(government.get(grid_of("propose")))
    assert "不满意" in shown
    assert "超期" in shown
    (one,) = experience.units_for([case.pk], town.actors["government"])[case.pk]
    assert (one.case, one.rating, one.is_late) == (done, "不满意", True)


def test_who_accepts_a_suggestion_reads_who_handled_such_matters(client_of, town):
    definition = publish(town)
    done = play_until(town, "rate", definition=definition)
    play_until(town, "screen", definition=definition)
    shown = text(client_of("office").get(grid_of("screen")))
    assert "办过类似事项的单位" in shown
    assert f"<strong>{done.assignments.get(part='lead').unit.name}</strong>" in shown


def test_names_nobody_where_nothing_like_it_was_answered(client_of, town):
    case = play_until(town, "propose")
    assert "办过类似事项的单位" not in text(client_of("government").get(grid_of("propose")))
    assert experience.units_for([case.pk], town.actors["government"]) == {}


def test_the_unit_that_handled_such_a_matter_is_proposed_and_reaches_who_assigns(client_of, town):
    definition = publish(town)
    done = play_until(town, "rate", definition=definition)
    case = play_until(town, "screen", definition=definition)
    lead = done.assignments.get(part="lead").unit
    office, government = client_of("office"), client_of("government")
    name = f"r-{task_of(case, 'screen').public_id}.receiver"

    def chosen(page: str, field: str) -> str:
        (select,) = re.findall(rf'<select [^>]*name="{re.escape(field)}">(.*?)</select>', page, re.S)
        return "".join(re.findall(r'<option value="(\w+)"[^>]* selected', select))

    assert chosen(text(office.get(grid_of("screen"))), name) == lead.public_id
    other = town.units["c"]
    answers = {"screening": "accept", "register__category": "water", "publicity": "open"}
    row = said(case, "screen", receiver=other.public_id, **answers)
    task = task_of(case, "screen")
    wrong = office.post(grid_of("screen"), {**row, name: "nobody", "save": task.public_id})
    assert (wrong.status_code, task_of(case, "screen")) == (422, task)
    office.post(grid_of("screen"), {**row, "save": task.public_id})
    propose = task_of(case, "propose")
    field = f"r-{propose.public_id}.units.lead"
    assert chosen(text(government.get(grid_of("propose"))), field) == other.public_id
    page = text(government.get(reverse("task", args=[propose.public_id])))
    assert chosen(page, "units.lead") == other.public_id
    kinds = {one.kind for one in history.entries_of("case", case.pk)}
    assert "receiver_proposed" in kinds


def test_where_nobody_handled_such_a_matter_no_unit_is_proposed(client_of, town):
    case = play_until(town, "screen")
    page = text(client_of("office").get(grid_of("screen")))
    (select,) = re.findall(r'<select [^>]*name="r-[^>]*\.receiver">(.*?)</select>', page, re.S)
    assert "selected" not in select
    assert case.closed_at is None
