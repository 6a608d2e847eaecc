"""面商、沟通: recorded beside the work, and the first one meets the deadline where a regulation sets one (重庆 §18)."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Clock, Contact, Task
from huiyin.core import time_source
from huiyin.directory.models import Jurisdiction
from huiyin.forms.answers import AnswersRejected
from huiyin.lifecycle import sandbox
from huiyin.lifecycle.scenarios import moment
from huiyin.notices.models import Notice
from huiyin.rules import services as rules
from tests.web.playing import do, play_until, task_of

NOW = moment("2026-02-10 09:00")
SPOKEN = {"contact": {"way": "visit", "on": "2026-02-09", "text": "登门面商，说明办理安排"}}


@pytest.fixture
def chongqing(db):
    rules.seed_calendar()
    jurisdiction = Jurisdiction.objects.create(code="cq", name="渝县")
    return sandbox.build(rules.load_profile(jurisdiction=jurisdiction, code="chongqing-2017"))


def first_contact(case) -> Clock:
    return Clock.objects.get(case=case, rule__code="suggestion.contact")


def test_a_unit_records_a_contact_and_the_deputy_is_asked(town):
    case = play_until(town, "work")
    task = task_of(case, "work")
    before = Contact.objects.filter(case=case).count()
    for _again in range(2):  # a second tap is no second contact
        services.add_contact(task=task, answers=SPOKEN, by=town.actors["a"], now=NOW)
    assert Contact.objects.filter(case=case).count() == before + 1
    assert Contact.objects.filter(case=case).latest("id").unit == town.units["a"]
    assert Task.objects.get(pk=task.pk).status == Task.Status.OPEN
    assert Notice.objects.filter(kind="contact_to_confirm", person=case.reporter).exists()


def test_a_citizens_matter_takes_a_contact_beside_the_work_too(play):
    play.dispatch()
    play.do("sign", {"sign": "accept"}, "a")
    spoken = {"contact": {**SPOKEN["contact"], "way": "phone", "on": play.now.date().isoformat()}}
    services.add_contact(task=play.task("work"), answers=spoken, by=play.town.actors["a"], now=play.now)
    row = Contact.objects.get(case=play.case)
    assert (row.confirmed, row.unit) == (None, play.town.units["a"])
    assert play.task("work").status == Task.Status.OPEN
    services.confirm_contact(contact=row, happened=True, by=play.asker, now=play.now)
    assert Contact.objects.get(pk=row.pk).confirmed is True


def test_who_may_not_and_where_it_may_not_be_recorded(town):
    case = play_until(town, "work")
    with pytest.raises(errors.NotYours):
        services.add_contact(task=task_of(case, "work"), answers=SPOKEN, by=town.actors["congress"], now=NOW)
    with pytest.raises(AnswersRejected):
        services.add_contact(task=task_of(case, "work"), answers={}, by=town.actors["a"], now=NOW)
    late = {"contact": {**SPOKEN["contact"], "on": "2026-02-11"}}
    with pytest.raises(AnswersRejected):
        services.add_contact(task=task_of(case, "work"), answers=late, by=town.actors["a"], now=NOW)


def test_at_a_review_nothing_is_recorded(town):
    case = play_until(town, "check")
    task = task_of(case, "check")
    assert not services.takes_contacts(task)
    with pytest.raises(errors.NoContactHere):
        services.add_contact(task=task, answers=SPOKEN, by=town.actor_for(task), now=NOW)


def test_without_such_a_rule_no_clock_begins(town):
    case = play_until(town, "sign")
    assert not Clock.objects.filter(case=case, rule__code="suggestion.contact").exists()


def test_the_first_contact_counts_from_the_hand_over_and_is_met_by_the_lead(chongqing):
    case = play_until(chongqing, "opinion")
    clock = first_contact(case)
    # 20 working days from 2026-02-02: the Spring Festival, 15 to 23 February, does not count; the 14th and 28th do.
    assert (clock.started_on, clock.due_on) == (date(2026, 2, 2), date(2026, 3, 6))
    services.add_contact(
        task=Task.objects.open().get(case=case, step_id="opinion"),
        answers=SPOKEN,
        by=chongqing.actors["b"],
        now=NOW,
    )
    assert first_contact(case).met_at is None
    services.add_contact(task=task_of(case, "work"), answers=SPOKEN, by=chongqing.actors["a"], now=NOW)
    assert time_source.day_of(first_contact(case).met_at) == date(2026, 2, 9)


def test_no_work_is_due_with_the_first_contact(chongqing):
    case = play_until(chongqing, "work")
    answer = Clock.objects.get(case=case, rule__code="suggestion.answer")
    assert task_of(case, "work").due_on == answer.due_on


def test_taken_back_it_waits_for_a_contact_again(chongqing):
    case = play_until(chongqing, "work")
    task = task_of(case, "work")
    answers = {"working": "done", **SPOKEN, "progress": {"text": "已实施"}}
    do(chongqing, case, "work", answers, NOW)
    assert first_contact(case).met_at is not None
    services.recall_task(task=task, by=chongqing.actors["a"], now=moment("2026-02-10 09:05"))
    assert first_contact(case).met_at is None
