"""A project's plan: milestones, the reports that reach them, and visits on the spot."""

from __future__ import annotations

import pytest

from huiyin.cases import errors
from huiyin.cases.models import Milestone, ProgressNote, Visit
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.forms.answers import AnswersRejected
from tests.cases.acting import act_of, record, said
from tests.files.pictures import jpeg

PLAN = [{"name": name, "planned_on": f"2026-{month}-01"} for name, month in (("立项", 10), ("完工", 12))]


@pytest.fixture
def planned(play):
    play.dispatch()
    record(act_of(play), "milestones", PLAN)
    return play


def plan(play) -> list[tuple[int, str, bool]]:
    rows = Milestone.objects.filter(case=play.case).order_by("number")
    return [(row.number, row.name, row.done_on is not None) for row in rows]


def test_a_plan_is_replaced_while_nothing_of_it_is_done(planned):
    assert plan(planned) == [(1, "立项", False), (2, "完工", False)]
    act = record(act_of(planned), "milestones", [{"name": "招标", "planned_on": "2026-11-01"}])
    assert said(act) == ["milestones_planned"]
    assert plan(planned) == [(1, "招标", False)]


def test_a_plan_that_has_begun_stays(planned):
    record(act_of(planned), "progress", {"text": "已批复", "milestone": 1, "done": "yes"})
    with pytest.raises(errors.PlanBegun):
        record(act_of(planned), "milestones", PLAN[:1])
    assert plan(planned) == [(1, "立项", True), (2, "完工", False)]


def test_a_milestone_that_was_reported_on_does_not_vanish(planned):
    record(act_of(planned), "progress", {"text": "备料", "milestone": 2})
    with pytest.raises(errors.PlanBegun):
        record(act_of(planned), "milestones", PLAN[:1])
    record(act_of(planned), "milestones", [*PLAN, {"name": "验收", "planned_on": "2027-01-01"}])
    assert len(plan(planned)) == 3


def test_a_report_reaches_its_milestone_once(planned):
    act = record(act_of(planned), "progress", {"text": "已批复", "milestone": 1, "done": "yes"})
    assert said(act) == ["progress_noted", "milestone_reached"]
    first = Milestone.objects.get(number=1).done_on
    assert first == planned.now.date()
    act = record(act_of(planned), "progress", {"text": "补充材料", "milestone": 1, "done": "yes"})
    assert said(act) == ["progress_noted"]
    assert list(ProgressNote.objects.values_list("milestone__number", flat=True)) == [1, 1]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("progress", {"text": "x", "milestone": 9}), ("visit", {"agrees": "yes", "text": "x", "milestone": 9})],
)
def test_an_unknown_milestone_is_refused(planned, kind, value):
    with pytest.raises(AnswersRejected) as refused:
        record(act_of(planned), kind, value)
    assert refused.value.problems == {kind: "计划里没有这个节点，请重新选择"}
    assert not ProgressNote.objects.exists()


def test_a_visit_says_whether_it_agrees_and_keeps_its_photos(planned):
    photo = files.stage(kind="photo", raw=jpeg(), now=planned.now)
    value = {"milestone": 2, "agrees": "no", "text": "桥面还没有动工", "photos": [photo.public_id]}
    act = record(act_of(planned, "deputy"), "visit", value)
    visit = Visit.objects.get()
    assert (visit.agrees, visit.milestone.number, visit.by) == (
        False,
        2,
        planned.town.actors["deputy"].person,
    )
    assert Attachment.objects.get().part == f"visit:{visit.pk}"
    assert said(act) == ["visited", "attachments_added"]
