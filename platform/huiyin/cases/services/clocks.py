"""Start, meet, stop, pause and extend clocks; their marks are job rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from huiyin.cases import errors
from huiyin.cases.deadlines import check_longest, enqueue_marks, group_of, move_due, tasks_due_with
from huiyin.cases.deadlines import moments as moments
from huiyin.cases.models import Case, Clock, ClockChange, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.jobs import services as jobs
from huiyin.rules import arithmetic, selectors
from huiyin.rules import services as rules
from huiyin.rules.calendar import OutOfCalendar
from huiyin.rules.models import Rule


@dataclass(frozen=True)
class Counted:
    """A deadline that was counted and is not written yet."""

    rule: Rule
    due: arithmetic.Due


def count(act: Act, code: str, from_on: date | None = None) -> Counted:
    """
    Count a deadline under the rules that the case is pinned to.

    :raises rules.selectors.NoRule: if the pinned profile has no such rule
    :raises NotInCalendar: if the calendar's table does not reach that far
    """
    rule = selectors.rule(act.case.profile, code)
    local = timezone.localtime(act.now)
    start = local if rule.unit in ("H", "WH") else (from_on or local.date())
    try:
        return Counted(rule, arithmetic.due(start, rule.amount, rule.unit, act.calendar))
    except OutOfCalendar as error:
        raise errors.NotInCalendar from error


def day_of_event(act: Act, code: str, *, anew: bool = False) -> date | None:
    """
    The day of the event that a rule names, which may lie before the act that opens its step; None: it happens now.

    A rule that names the same event as one whose clock began before counts from the same day, so that signing late for
    a matter gains nothing. In a later round the event happened again, when the round's own clock began.

    :param anew: the step is done once more in its round, by a unit that took a part over: its period is its own
    """
    if act.first_day is not None or anew:
        return act.first_day
    event = selectors.rule(act.case.profile, code).starts_from
    if event in act.event_days:
        return act.event_days[event]
    known = Clock.objects.filter(case=act.case, rule__starts_from=event).exclude(rule__code=code)
    last = known.order_by("-round", "-started_on").first()
    if last is None or last.round == act.case.round:
        return last.started_on if last else None
    own = Clock.objects.filter(case=act.case, task=None, round=act.case.round).order_by("-started_on")
    return own.values_list("started_on", flat=True).first()


def start_clock(act: Act, counted: Counted, task: Task | None = None) -> Clock:
    """Write a counted deadline and enqueue its marks."""
    clock = Clock.objects.create(
        case=act.case,
        task=task,
        rule=counted.rule,
        round=act.case.round,
        started_on=counted.due.start,
        started_at=act.now,
        due_on=counted.due.on,
        due_at=counted.due.at,
        provisional=counted.due.provisional,
    )
    enqueue_marks(clock, act.calendar)
    return clock


def meet_task(task: Task, now: datetime) -> None:
    """A task was done at a moment: its clocks are met, and their marks taken back."""
    if Clock.objects.filter(task=task, met_at=None, stopped_at=None).update(met_at=now, paused_on=None):
        jobs.cancel(subject_kind="case", subject_id=task.case_id, groups=[f"task:{task.pk}"])


def stop_tasks(case: Case, task_ids: Sequence[int], now: datetime) -> None:
    """Tasks were taken away: their clocks end without being met."""
    if Clock.objects.filter(task__in=task_ids, met_at=None, stopped_at=None).update(
        stopped_at=now, paused_on=None
    ):
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[f"task:{number}" for number in task_ids])


def stop_own(case: Case, now: datetime) -> None:
    """What the whole case owed is owed no more; what its open tasks wait for runs on."""
    running = Clock.objects.filter(case=case, task=None, met_at=None, stopped_at=None)
    codes = list(running.values_list("rule__code", flat=True))
    if codes:
        running.update(stopped_at=now, paused_on=None)
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[f"rule:{code}" for code in codes])


def stop_all(case: Case, now: datetime) -> None:
    """The case has ended: nothing of it runs any more."""
    Clock.objects.filter(case=case, met_at=None, stopped_at=None).update(stopped_at=now, paused_on=None)
    jobs.cancel(subject_kind="case", subject_id=case.pk)


def _running(clock_id: int) -> tuple[Case, Clock]:
    case = locking.lock(Clock.objects.values_list("case_id", flat=True).get(pk=clock_id))
    clock = Clock.objects.select_related("rule").get(pk=clock_id)
    if not clock.is_running:
        raise errors.ClockNotRunning
    return case, clock


@transaction.atomic
def extend_clock(*, clock: Clock, to: date, reason: str, by: Actor, now: datetime) -> Clock:
    """
    Extend a deadline by decision of the congress office.

    :raises NotYourAct: without the right to extend
    :raises ReasonMissing: without a reason
    :raises ClockNotRunning: if it was met or stopped meanwhile
    :raises ExtensionBackwards: if the new date is not later
    :raises ExtensionTooLong: if the answer would come later than the rules allow with every extension
    """
    by.require("clock.extend")
    if not reason.strip():
        raise errors.ReasonMissing
    case, locked = _running(clock.pk)
    by.require("clock.extend", case.place)
    if to <= locked.due_on:
        raise errors.ExtensionBackwards
    act = Act(case, by, now)
    if not act.calendar.first <= to.year < act.calendar.last:
        raise errors.NotInCalendar
    check_longest(act, locked, to)
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
    by.require("clock.pause", case.place)
    if locked.paused_on is not None:
        raise errors.ClockNotRunning
    locked.paused_on = time_source.day_of(now)
    locked.save(update_fields=["paused_on"])
    jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[group_of(locked)])
    # Paused work is late for nobody: it leaves the overdue lists until it is resumed.
    tasks_due_with(locked).filter(due_on=locked.due_on).update(due_on=None)
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
    by.require("clock.pause", case.place)
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
def confirm_year(
    *, year: int, off: dict[date, str], worked: dict[date, str], by: Actor, now: datetime
) -> int:
    """
    Enter a year's official days and recount every open deadline that touches a provisional year.

    A date that was told to someone is never shortened silently: an earlier result leaves the told date and is logged.
    Returns how many due dates moved.

    :raises NotYourAct: without the right to keep the calendar
    :raises rules.DayMisplaced: if a day is of another year, or both off and worked
    """
    by.require("calendar.confirm")
    rules.enter_year(year=year, off=off, worked=worked)
    calendar, moved = selectors.calendar(), 0
    running = Clock.objects.filter(met_at=None, stopped_at=None, provisional=True, due_at=None)
    for clock_id, case_id in list(running.order_by("case_id", "id").values_list("pk", "case_id")):
        case = locking.lock(case_id)
        clock = running.select_related("rule").filter(pk=clock_id).first()
        if clock is None:
            continue  # met or stopped while the list was made
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
