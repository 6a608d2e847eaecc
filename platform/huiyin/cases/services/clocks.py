"""Start, meet, stop, pause and extend clocks; their marks are job rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from huiyin.cases import errors
from huiyin.cases.models import Case, Clock, ClockChange, Task
from huiyin.cases.querysets import TaskQuerySet
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.jobs import services as jobs
from huiyin.rules import arithmetic, selectors
from huiyin.rules import services as rules
from huiyin.rules.calendar import Calendar, OutOfCalendar
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
    _enqueue_marks(clock, act.calendar)
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


def _group(clock: Clock) -> str:
    """Marks are taken back together with their task, or by the rule of a case's own clock."""
    return f"task:{clock.task_id}" if clock.task_id else f"rule:{clock.rule.code}"


def _enqueue_marks(clock: Clock, calendar: Calendar) -> None:
    works = [
        jobs.Work(
            kind="cases.fire_mark",
            subject_kind="case",
            subject_id=clock.case_id,
            key=f"mark:{clock.pk}:{mark}:{clock.due_on}",
            due_at=at,
            args={"clock_id": clock.pk, "mark": mark},
            group=_group(clock),
        )
        for mark, at in moments(clock, calendar)
    ]
    jobs.enqueue(*works)


def meet_task(task: Task, now: datetime) -> None:
    """A task was done: its clocks are met, and their marks taken back."""
    if Clock.objects.filter(task=task, met_at=None, stopped_at=None).update(met_at=now, paused_on=None):
        jobs.cancel(subject_kind="case", subject_id=task.case_id, groups=[f"task:{task.pk}"])


def meet_rules(case: Case, codes: Sequence[str], now: datetime) -> None:
    """What a case's own clocks of these rules wait for has happened."""
    running = Clock.objects.filter(case=case, task=None, rule__code__in=codes, met_at=None, stopped_at=None)
    if running.update(met_at=now, paused_on=None):
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[f"rule:{code}" for code in codes])


def stop_tasks(case: Case, task_ids: Sequence[int], now: datetime) -> None:
    """Tasks were taken away: their clocks end without being met."""
    if Clock.objects.filter(task__in=task_ids, met_at=None, stopped_at=None).update(
        stopped_at=now, paused_on=None
    ):
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[f"task:{number}" for number in task_ids])


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


def move_due(clock: Clock, *, to: date, why: str, act: Act, reason: str = "") -> None:
    """Move a due date, remember why, take the old marks back and enqueue the new ones."""
    before = clock.due_on
    ClockChange.objects.create(
        clock=clock, why=why, at=act.now, by=act.by.person, reason=reason, due_before=before, due_after=to
    )
    jobs.cancel(subject_kind="case", subject_id=clock.case_id, groups=[_group(clock)])
    clock.due_on = to
    clock.due_at = None if clock.due_at is None else clock.due_at + (to - before)
    clock.save()
    _enqueue_marks(clock, act.calendar)
    _tasks_due_with(clock).filter(Q(due_on=before) | Q(due_on=None)).update(due_on=to)
    act.say("due_changed", rule=clock.rule.name, before=before, after=to, why=why, reason=reason)


def _tasks_due_with(clock: Clock) -> TaskQuerySet:
    """A task with a clock of its own is due with that clock alone; the others are due with the case's."""
    open_tasks = Task.objects.open().filter(case=clock.case_id)
    return open_tasks.filter(pk=clock.task_id) if clock.task_id else open_tasks.filter(clocks=None)


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
    by.require("clock.extend", case.place)
    if to <= locked.due_on:
        raise errors.ExtensionBackwards
    act = Act(case, by, now)
    if not act.calendar.first <= to.year < act.calendar.last:
        raise errors.NotInCalendar
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
    jobs.cancel(subject_kind="case", subject_id=case.pk, groups=[_group(locked)])
    # Paused work is late for nobody: it leaves the overdue lists until it is resumed.
    _tasks_due_with(locked).filter(due_on=locked.due_on).update(due_on=None)
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
