"""A due date moves alone: its own clock, its own tasks, its own marks."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import errors, services
from huiyin.cases.models import Clock, Task
from huiyin.cases.services import clocks, locking
from huiyin.directory.actors import NotYourAct
from huiyin.jobs.models import Job
from tests.cases.conftest import REPORT, Play
from tests.conftest import at


def clock(play: Play, rule: str) -> Clock:
    return Clock.objects.get(case=play.case, rule__code=rule, met_at=None, stopped_at=None)


def extend(play: Play, rule: str, to: date) -> Clock:
    return services.extend_clock(
        clock=clock(play, rule), to=to, reason="涉及面广", by=play.town.actors["office"], now=play.now
    )


def test_a_task_follows_its_own_clock(play):
    extend(play, "matter.screen", date(2026, 9, 4))
    assert play.task("screen").due_on == date(2026, 9, 4)
    assert clock(play, "matter.answer").due_on == date(2026, 9, 8)


def test_a_task_without_a_rule_follows_the_cases_clock(play):
    play.do("screen", {"screening": "accept"})
    assert play.task("dispatch").due_on == date(2026, 9, 8)
    extend(play, "matter.answer", date(2026, 9, 15))
    assert play.task("dispatch").due_on == date(2026, 9, 15)


def test_a_task_of_another_clock_stays_although_its_date_is_the_same(play):
    """Signing for it and the answer may be due on one day; extending the answer does not extend the signature."""
    play.now = at("2026-09-04T09:00")
    play.dispatch()
    assert play.task("sign").due_on == clock(play, "matter.answer").due_on == date(2026, 9, 8)
    extend(play, "matter.answer", date(2026, 9, 30))
    assert clock(play, "matter.sign").due_on == date(2026, 9, 8)
    assert play.task("sign").due_on == date(2026, 9, 8)


def test_extending_one_units_signature_leaves_the_others(play):
    play.dispatch("b")
    for task in Task.objects.open().filter(case=play.case):
        assert task.due_on == date(2026, 9, 3)
    own = Clock.objects.get(task=play.task("sign", "b"))
    services.extend_clock(
        clock=own, to=date(2026, 9, 10), reason="外出", by=play.town.actors["office"], now=play.now
    )
    assert play.task("sign", "b").due_on == date(2026, 9, 10)
    assert play.task("sign", "a").due_on == date(2026, 9, 3)


def test_the_old_marks_are_taken_back_and_the_new_ones_wait(play):
    extend(play, "matter.answer", date(2026, 9, 15))
    rows = Job.objects.filter(group="rule:matter.answer", status="waiting")
    assert {row.key.rpartition(":")[2] for row in rows} == {"2026-09-15"}


def test_is_extended_twice(play):
    extend(play, "matter.answer", date(2026, 9, 15))
    assert extend(play, "matter.answer", date(2026, 9, 22)).due_on == date(2026, 9, 22)
    assert clock(play, "matter.answer").changes.count() == 2


def test_pausing_needs_the_right_a_reason_and_a_running_clock(play):
    found, office = clock(play, "matter.answer"), play.town.actors["office"]
    with pytest.raises(NotYourAct):
        services.pause_clock(clock=found, reason="等待鉴定", by=play.town.actors["a"], now=play.now)
    with pytest.raises(errors.ReasonMissing):
        services.pause_clock(clock=found, reason="", by=office, now=play.now)
    with pytest.raises(errors.ClockNotRunning):
        services.resume_clock(clock=found, by=office, now=play.now)
    services.pause_clock(clock=found, reason="等待鉴定", by=office, now=play.now)
    with pytest.raises(errors.ClockNotRunning):
        services.pause_clock(clock=found, reason="等待鉴定", by=office, now=play.now)
    with pytest.raises(NotYourAct):
        services.resume_clock(clock=found, by=play.town.actors["a"], now=play.now)


def test_a_mark_does_nothing_while_its_clock_is_paused(play):
    found = clock(play, "matter.answer")
    services.pause_clock(clock=found, reason="等待鉴定", by=play.town.actors["office"], now=play.now)
    assert services.fire_mark(clock=found, mark="expire", now=at("2026-10-09T00:00")) is False


def test_a_pause_within_a_day_moves_nothing(play):
    found, office = clock(play, "matter.answer"), play.town.actors["office"]
    services.pause_clock(clock=found, reason="等待鉴定", by=office, now=at("2026-09-02T10:00"))
    assert services.resume_clock(clock=found, by=office, now=at("2026-09-02T16:00")).due_on == date(
        2026, 9, 8
    )
    assert Job.objects.filter(group="rule:matter.answer", status="waiting").count() == 2


def test_a_pause_over_holidays_costs_only_working_days(definition, town):
    now = at("2026-09-22T09:00")
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=now)
    play = Play(case, town, now)
    found, office = clock(play, "matter.answer"), town.actors["office"]
    assert found.due_on == date(2026, 9, 30)
    services.pause_clock(clock=found, reason="等待鉴定", by=office, now=at("2026-09-29T10:00"))
    resumed = services.resume_clock(clock=found, by=office, now=at("2026-10-08T10:00"))
    # 30 September and 8 October were paused: two working days, counted on from 30 September.
    assert resumed.due_on == date(2026, 10, 9)


def test_a_message_moves_the_case_once(play):
    play.answer()
    own = clock_of(play, "citizen_rate")
    assert services.fire_mark(clock=own, mark="expire", now=at("2026-09-16T00:00")) is True
    assert play.task("late_rate").after_close
    assert services.fire_mark(clock=own, mark="expire", now=at("2026-09-16T00:01")) is False
    play.case.refresh_from_db()
    assert (play.case.outcome, play.case.ended_at) == ("unrated", None)


def clock_of(play: Play, step: str) -> Clock:
    return Clock.objects.get(task=play.task(step))


def test_a_mark_that_is_not_in_the_rule_does_nothing(play):
    assert (
        services.fire_mark(clock=clock(play, "matter.answer"), mark="gone", now=at("2026-12-01T00:00"))
        is False
    )


def test_marks_come_at_nine_and_at_the_end_of_the_day(play):
    found = dict(clocks.moments(clock(play, "matter.answer"), locking_calendar()))
    assert found == {"warn": at("2026-09-04T09:00"), "expire": at("2026-09-09T00:00")}


def locking_calendar():
    from huiyin.rules import selectors

    return selectors.calendar()


def test_a_recount_does_not_wake_a_clock_that_was_met_meanwhile(definition, town, keeper, monkeypatch):
    """Between the list of open clocks and the lock of a case, somebody may have answered."""
    now = at("2026-12-30T09:00")
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=now)
    answered = Clock.objects.get(case=case, rule__code="matter.answer")
    assert answered.provisional
    real = locking.lock

    def slow(case_id: int):
        Clock.objects.filter(pk=answered.pk).update(met_at=at("2026-12-30T10:00"))
        return real(case_id)

    monkeypatch.setattr(locking, "lock", slow)
    off = {date(2027, 1, day): "元旦" for day in (1, 4, 5)}
    services.confirm_year(year=2027, off=off, worked={}, by=keeper, now=now)
    after = Clock.objects.get(pk=answered.pk)
    assert after.met_at == at("2026-12-30T10:00")
    assert after.due_on == answered.due_on
    assert not Job.objects.filter(
        group="rule:matter.answer", status="waiting", key__endswith="2027-01-08"
    ).exists()


def test_a_date_that_was_extended_is_not_recounted(definition, town, keeper):
    now = at("2026-12-30T09:00")
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=now)
    play = Play(case, town, now)
    extend(play, "matter.answer", date(2027, 1, 20))
    off = {date(2027, 1, day): "元旦" for day in (1, 4, 5)}
    services.confirm_year(year=2027, off=off, worked={}, by=keeper, now=now)
    assert clock(play, "matter.answer").due_on == date(2027, 1, 20)


def test_only_those_who_keep_the_calendar_confirm_a_year(definition, town):
    with pytest.raises(NotYourAct):
        services.confirm_year(
            year=2027, off={}, worked={}, by=town.actors["office"], now=at("2026-12-30T09:00")
        )
