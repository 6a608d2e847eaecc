"""A unit asks for more time, the office rules, and the deadline moves with its marks and its tasks."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Clock, ClockChange, Extension, Task
from huiyin.jobs.models import Job
from huiyin.rules.models import Rule
from tests.cases.acting import act_of, record, said

ASKED = {"to": "2026-09-15", "reason": "涉及面广，需现场勘察"}
GRANTED = {"decision": "granted", "reason": "同意"}


def clock_of(play) -> Clock:
    return Clock.objects.get(case=play.case, rule__code="matter.answer")


def due_of(play) -> str:
    return str(clock_of(play).due_on)


@pytest.fixture
def asked(play):
    play.dispatch()
    record(act_of(play), "extension", ASKED)
    return play


def test_asking_moves_nothing_yet(asked):
    extension = Extension.objects.get()
    assert (str(extension.to), extension.granted, extension.unit) == (
        "2026-09-15",
        None,
        asked.town.units["a"],
    )
    assert due_of(asked) == "2026-09-08"


def test_asking_for_no_more_time_is_refused(play):
    play.dispatch()
    with pytest.raises(errors.ExtensionBackwards):
        record(act_of(play), "extension", {**ASKED, "to": "2026-09-08"})
    assert not Extension.objects.exists()


def test_a_granted_extension_moves_the_deadline_its_marks_and_its_tasks(asked):
    dispatched = Task.objects.open().filter(case=asked.case)
    Task.objects.filter(pk__in=dispatched).update(due_on="2026-09-08")
    asked_clocks = Clock.objects.filter(task__in=dispatched)
    asked_clocks.delete()
    act = record(act_of(asked, "office"), "extension_ruling", GRANTED)
    extension = Extension.objects.get()
    assert (act.routing, said(act)) == ({"extension": "granted"}, ["due_changed", "extension_ruled"])
    assert (extension.granted, str(extension.granted_to), extension.ruling) == (True, "2026-09-15", "同意")
    assert due_of(asked) == "2026-09-15"
    change = ClockChange.objects.get()
    assert (change.why, change.reason) == ("extension", ASKED["reason"])
    marks = Job.objects.filter(subject_id=asked.case.pk, status="waiting", group="rule:matter.answer")
    assert {job.args["mark"] for job in marks} == {"warn", "expire"}
    assert {str(job.due_at.date()) for job in marks} >= {"2026-09-15"}
    assert set(dispatched.values_list("due_on", flat=True)) == {date(2026, 9, 15)}


def test_the_office_may_grant_another_day_but_not_an_earlier_one(asked):
    with pytest.raises(errors.ExtensionBackwards):
        record(act_of(asked, "office"), "extension_ruling", {**GRANTED, "to": "2026-09-07"})
    record(act_of(asked, "office"), "extension_ruling", {**GRANTED, "to": "2026-09-11"})
    assert due_of(asked) == "2026-09-11"


def test_a_refused_extension_moves_nothing(asked):
    act = record(act_of(asked, "office"), "extension_ruling", {"decision": "refused", "reason": "可按期答复"})
    extension = Extension.objects.get()
    assert (act.routing, said(act)) == ({"extension": "refused"}, ["extension_ruled"])
    assert (extension.granted, extension.granted_to) == (False, None)
    assert due_of(asked) == "2026-09-08"


def test_a_ruling_needs_a_request_that_waits(asked):
    record(act_of(asked, "office"), "extension_ruling", GRANTED)
    with pytest.raises(errors.NoExtensionAsked):
        record(act_of(asked, "office"), "extension_ruling", GRANTED)


def test_the_rules_say_how_long_an_answer_may_take_at_the_longest(asked):
    profile = asked.case.profile
    Rule.objects.create(
        profile=profile, code="matter.longest", name="最长", amount=10, unit="D", starts_from="x", article="x"
    )
    profile.digest = "another"  # rules of one digest never change, so they are read anew only under another
    profile.save()
    with pytest.raises(errors.ExtensionTooLong) as refused:
        record(act_of(asked, "office"), "extension_ruling", GRANTED)
    assert "2026-09-11" in str(refused.value)
    record(act_of(asked, "office"), "extension_ruling", {**GRANTED, "to": "2026-09-11"})
    assert due_of(asked) == "2026-09-11"


def test_beyond_the_calendar_nothing_is_granted(asked):
    with pytest.raises(errors.NotInCalendar):
        record(act_of(asked, "office"), "extension_ruling", {**GRANTED, "to": "2999-01-01"})


def test_a_deadline_that_was_met_is_not_extended(asked):
    Clock.objects.filter(case=asked.case).update(met_at=asked.now)
    with pytest.raises(errors.ClockNotRunning):
        record(act_of(asked, "office"), "extension_ruling", GRANTED)


def test_the_reason_of_an_extension_may_be_long(play):
    """A text field and no column of fixed length: 说明 of more than 500 characters was once an error of the database."""
    reason = "需要会同三个部门现场勘察并论证方案。" * 40
    services.extend_clock(
        clock=clock_of(play), to=date(2026, 9, 15), reason=reason, by=play.town.actors["office"], now=play.now
    )
    assert ClockChange.objects.get().reason == reason
    assert len(reason) > 500
