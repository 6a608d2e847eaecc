"""Clocks: pinned to the rules in force, moved only by decision, and their marks act once."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases import deadlines, errors, services
from huiyin.cases.models import Clock, ClockChange, Task
from huiyin.core import time_source
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history
from huiyin.jobs.models import Job
from huiyin.notices.models import Notice
from huiyin.rules.models import CalendarYear
from tests.conftest import at


def answer_clock(play) -> Clock:
    return Clock.objects.get(case=play.case, rule__code="matter.answer")


def marks_of(play) -> dict[str, str]:
    rows = Job.objects.filter(subject_id=play.case.pk, status="waiting", group="rule:matter.answer")
    return {row.args["mark"]: str(time_source.day_of(row.due_at)) for row in rows}


def test_warn_before_and_expire_after_the_due_day(play):
    assert str(answer_clock(play).due_on) == "2026-09-08"
    assert marks_of(play) == {"warn": "2026-09-04", "expire": "2026-09-09"}


def test_an_extension_needs_the_right_a_reason_and_a_later_day(play):
    clock, office = answer_clock(play), play.town.actors["office"]

    def extend(**changes):
        wanted = {
            "clock": clock,
            "to": date(2026, 9, 15),
            "reason": "涉及面广",
            "by": office,
            "now": play.now,
        }
        return services.extend_clock(**{**wanted, **changes})

    with pytest.raises(NotYourAct):
        extend(by=play.town.actors["a"])
    with pytest.raises(errors.ReasonMissing):
        extend(reason="")
    with pytest.raises(errors.ExtensionBackwards):
        extend(to=date(2026, 9, 8))
    assert str(extend().due_on) == "2026-09-15"
    assert marks_of(play) == {"warn": "2026-09-11", "expire": "2026-09-16"}
    assert ClockChange.objects.get().reason == "涉及面广"


def test_a_pause_moves_the_due_day_by_the_working_days_it_lasted(play):
    clock, office = answer_clock(play), play.town.actors["office"]
    services.pause_clock(clock=clock, reason="等待鉴定", by=office, now=at("2026-09-02T10:00"))
    assert marks_of(play) == {}
    resumed = services.resume_clock(clock=clock, by=office, now=at("2026-09-07T10:00"))
    assert str(resumed.due_on) == "2026-09-11"
    assert marks_of(play)["expire"] == "2026-09-12"


def test_a_met_clock_is_not_extended(play):
    play.answer()
    with pytest.raises(errors.ClockNotRunning):
        services.extend_clock(
            clock=answer_clock(play),
            to=date(2026, 10, 1),
            reason="x",
            by=play.town.actors["office"],
            now=play.now,
        )


def test_a_mark_acts_once_and_not_after_the_clock_was_met(play):
    clock = answer_clock(play)
    assert services.fire_mark(clock=clock, mark="expire", now=at("2026-09-09T00:00")) is True
    play.answer()
    assert services.fire_mark(clock=clock, mark="expire", now=at("2026-09-10T00:00")) is False
    kinds = [entry.kind for entry in history.entries_of("case", play.case.pk)]
    assert kinds.count("clock_expired") == 1


def test_a_mark_that_came_too_early_does_nothing(play):
    assert services.fire_mark(clock=answer_clock(play), mark="expire", now=at("2026-09-08T23:00")) is False


def test_silence_is_reminded_then_closed_as_not_rated(play):
    play.answer()
    play.wait("2026-09-11T10:00")
    assert Notice.objects.filter(person=play.case.reporter, kind="reminder").count() == 1
    play.wait("2026-09-16T10:00")
    assert (play.case.outcome, play.case.ended_at) == ("unrated", None)
    assert list(Task.objects.open().filter(case=play.case).values_list("step_id", flat=True)) == ["late_rate"]
    play.wait("2026-11-01T10:00")
    assert play.case.ended_at is not None


@pytest.fixture
def provisional(definition, town):
    """A matter received at the end of 2026, whose deadlines reach into 2027."""
    from tests.cases.conftest import REPORT, Play

    now = at("2026-12-30T09:00")
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=now)
    return Play(case, town, now)


def test_a_date_in_a_provisional_year_is_recounted_when_the_year_becomes_official(provisional, keeper):
    clock = answer_clock(provisional)
    assert clock.provisional
    told = clock.due_on
    off = {date(2027, 1, day): "元旦" for day in (1, 4, 5)}
    moved = services.confirm_year(year=2027, off=off, worked={}, by=keeper, now=provisional.now)
    clock.refresh_from_db()
    assert moved >= 1
    assert clock.due_on > told
    assert not clock.provisional
    assert CalendarYear.objects.get(year=2027).official


def test_a_date_that_was_told_is_never_shortened_silently(provisional, keeper):
    clock = answer_clock(provisional)
    told = clock.due_on
    worked = {date(2027, 1, 2): "调休", date(2027, 1, 3): "调休"}
    services.confirm_year(year=2027, off={}, worked=worked, by=keeper, now=provisional.now)
    clock.refresh_from_db()
    assert clock.due_on == told
    assert "due_kept" in [entry.kind for entry in history.entries_of("case", provisional.case.pk)]


def test_paused_work_is_late_for_nobody_until_it_is_resumed(play):
    play.dispatch()
    play.do("sign", {"sign": "accept"})
    clock, office = answer_clock(play), play.town.actors["office"]
    assert play.task("work").due_on == clock.due_on
    services.pause_clock(clock=clock, reason="等待鉴定", by=office, now=at("2026-09-02T10:00"))
    assert play.task("work").due_on is None
    resumed = services.resume_clock(clock=clock, by=office, now=at("2026-09-07T10:00"))
    assert play.task("work").due_on == resumed.due_on


def test_a_called_diagram_meets_the_answer_of_any_process(play):
    play.do("screen", {"screening": "accept"})
    running = Clock.objects.filter(case=play.case, task=None, met_at=None, stopped_at=None)
    assert running.filter(rule__code="matter.answer").exists()
    deadlines.meet_rules(play.case, ["*.again", "other.answer"], play.now)
    assert running.filter(rule__code="matter.answer").exists()
    deadlines.meet_rules(play.case, ["*.answer"], play.now)
    assert not running.filter(rule__code="matter.answer").exists()
