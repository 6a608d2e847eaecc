"""Start, meet, stop, pause and extend clocks; their marks are job rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from huiyin.cases import errors
from huiyin.cases.models import Case, Clock, ClockChange, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.rules import arithmetic, selectors
from huiyin.rules import services as rules
from huiyin.rules.calendar import Calendar


def start_clock(*, case: Case, code: str, now: datetime, task: Task | None = None, from_on: date | None = None) -> Clock:
    """
    Start a deadline under the rules that the case is pinned to, and enqueue its marks.

    :raises rules.selectors.NoRule: if the pinned profile has no such rule
    """
    rule = selectors.rule(case.profile, code)
    local = timezone.localtime(now)
    start = local if rule.unit in ("H", "WH") else (from_on or local.date())
    due = arithmetic.due(start, rule.amount, rule.unit, selectors.calendar())
    clock = Clock.objects.create(
        case=case,
        task=task,
        rule=rule,
        round=case.round,
        started_on=due.start,
        started_at=now,
        due_on=due.on,
        due_at=due.at,
        provisional=due.provisional,
    )
    _enqueue_marks(clock, selectors.calendar())
    return clock


def moments(clock: Clock, calendar: Calendar) -> list[tuple[str, datetime]]:
    """When each mark of a clock takes effect: `expire` at the end of the due day, others some days before, at 9:00."""
    found = []
    for mark in clock.rule.marks:
        if "before" not in mark:
            found.append((mark["name"], clock.due_at or _midnight(clock.due_on + timedelta(days=1))))
            continue
        if mark["unit"] == "WD":
            index = calendar.workdays.index(calendar.roll(clock.due_on)) - mark["before"]
            day = calendar.workdays[max(index, 0)]
        else:
            day = clock.due_on - timedelta(days=mark["before"])
        if day > clock.started_on:
            found.append((mark["name"], _midnight(day) + timedelta(hours=9)))
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _key(clock: Clock, mark: str) -> str:
    return f"mark:{clock.pk}:{mark}:{clock.due_on}"


def _enqueue_marks(clock: Clock, calendar: Calendar) -> None:
    jobs.enqueue(
        *[
            jobs.Work("cases.fire_mark", "case", clock.case_id, _key(clock, mark), at, {"clock_id": clock.pk, "mark": mark})
            for mark, at in moments(clock, calendar)
        ]
    )


def meet(clocks: Iterable[Clock], now: datetime) -> None:
    """The work was done: a clock is met, and its marks are taken back."""
    _end(list(clocks), met_at=now)


def stop(clocks: Iterable[Clock], now: datetime) -> None:
    """The work was taken away: a clock ends without being met."""
    _end(list(clocks), stopped_at=now)


def _end(clocks: list[Clock], **moment: datetime) -> None:
    if clocks:
        ids = [clock.pk for clock in clocks]
        Clock.objects.filter(pk__in=ids).update(**moment, paused_on=None)
        Job.objects.filter(
            kind="cases.fire_mark", subject_kind="case", subject_id=clocks[0].case_id, status="waiting", args__clock_id__in=ids
        ).delete()


def _running(clock_id: int) -> tuple[Case, Clock]:
    case = locking.lock(Clock.objects.values_list("case_id", flat=True).get(pk=clock_id))
    clock = Clock.objects.select_related("rule").get(pk=clock_id)
    if not clock.is_running:
        raise errors.ClockNotRunning
    return case, clock


def move_due(clock: Clock, *, to: date, why: str, act: Act, reason: str = "") -> None:
    """Move a due date, remember why, take the old marks back and enqueue the new ones."""
    before = clock.due_on
    ClockChange.objects.create(
        clock=clock, why=why, at=act.now, by=act.by.person, reason=reason, due_before=before, due_after=to
    )
    jobs.cancel(keys=[_key(clock, mark["name"]) for mark in clock.rule.marks])
    clock.due_on = to
    clock.due_at = None if clock.due_at is None else clock.due_at + (to - before)
    clock.save()
    _enqueue_marks(clock, selectors.calendar())
    Task.objects.open().filter(case=clock.case_id, due_on=before).update(due_on=to)
    act.say("due_changed", rule=clock.rule.name, before=before, after=to, why=why, reason=reason)


@transaction.atomic
def extend_clock(*, clock: Clock, to: date, reason: str, by: Actor, now: datetime) -> Clock:
    """
    Extend a deadline by decision of the congress office.

    :raises NotYourAct: without the right to extend
    :raises ReasonMissing: without a reason
    :raises ClockNotRunning: if it was met or stopped meanwhile
    :raises ExtensionBackwards: if the new date is not later
    """
    by.require("clock.extend")
    if not reason.strip():
        raise errors.ReasonMissing
    case, locked = _running(clock.pk)
    if to <= locked.due_on:
        raise errors.ExtensionBackwards
    act = Act(case, by, now)
    move_due(locked, to=to, why=ClockChange.Why.EXTENSION, act=act, reason=reason.strip())
    locking.finish(act)
    return locked


@transaction.atomic
def pause_clock(*, clock: Clock, reason: str, by: Actor, now: datetime) -> Clock:
    """
    Stop counting until :func:`resume_clock`; the marks wait.

    :raises NotYourAct: without the right to pause
    :raises ReasonMissing: without a reason
    :raises ClockNotRunning: if it was met, stopped or paused meanwhile
    """
    by.require("clock.pause")
    if not reason.strip():
        raise errors.ReasonMissing
    case, locked = _running(clock.pk)
    if locked.paused_on is not None:
        raise errors.ClockNotRunning
    locked.paused_on = time_source.day_of(now)
    locked.save(update_fields=["paused_on"])
    jobs.cancel(keys=[_key(locked, mark["name"]) for mark in locked.rule.marks])
    act = Act(case, by, now)
    act.say("clock_paused", rule=locked.rule.name, reason=reason.strip())
    locking.finish(act)
    return locked


@transaction.atomic
def resume_clock(*, clock: Clock, by: Actor, now: datetime) -> Clock:
    """
    Count on: the due date moves by the days of the pause, to a working day.

    :raises NotYourAct: without the right to pause
    :raises ClockNotRunning: if it is not paused
    """
    by.require("clock.pause")
    case, locked = _running(clock.pk)
    if locked.paused_on is None:
        raise errors.ClockNotRunning
    calendar, today = selectors.calendar(), time_source.day_of(now)
    if locked.rule.unit == "WD":
        days = max(calendar.workdays_between(locked.paused_on, today), 0)
        to = calendar.workday_after(locked.due_on, days) if days else locked.due_on
    else:
        to = calendar.roll(locked.due_on + (today - locked.paused_on))
    locked.paused_on = None
    act = Act(case, by, now)
    move_due(locked, to=to, why=ClockChange.Why.PAUSE, act=act)
    locking.finish(act)
    return locked


@transaction.atomic
def confirm_year(*, year: int, off: dict[date, str], worked: dict[date, str], by: Actor, now: datetime) -> int:
    """
    Enter a year's official days and recount every open deadline that touches a provisional year.

    A date that was told to someone is never shortened silently: an earlier result leaves the told date and is logged.
    Returns how many due dates moved.
    """
    rules.enter_year(year=year, off=off, worked=worked)
    calendar, moved = selectors.calendar(), 0
    open_clocks = Clock.objects.filter(met_at=None, stopped_at=None, provisional=True, due_at=None).select_related("rule")
    for clock in open_clocks.order_by("case_id", "id"):
        case = locking.lock(clock.case_id)
        due = arithmetic.due(clock.started_on, clock.rule.amount, clock.rule.unit, calendar)
        act = Act(case, by, now)
        clock.provisional = due.provisional
        clock.save(update_fields=["provisional"])
        if clock.changes.exists() or due.on == clock.due_on:
            continue
        if due.on < clock.due_on:
            act.say("due_kept", rule=clock.rule.name, told=clock.due_on, counted=due.on)
        else:
            move_due(clock, to=due.on, why=ClockChange.Why.CALENDAR, act=act)
            moved += 1
        locking.finish(act)
    return moved
