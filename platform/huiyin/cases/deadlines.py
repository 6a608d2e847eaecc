"""Marks of a running deadline, and its moving: what services and recorders both need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase

from django.db.models import Q
from django.utils import timezone

from huiyin.cases import errors
from huiyin.cases.models import Case, Clock, ClockChange, Task
from huiyin.cases.querysets import TaskQuerySet
from huiyin.cases.recording import Act
from huiyin.jobs import services as jobs
from huiyin.rules import arithmetic
from huiyin.rules import selectors as rules
from huiyin.rules.calendar import Calendar, OutOfCalendar

#: How the codes of the rules end by which a matter must be answered; what extends them stays below the longest period.
ANSWERING = (".answer", ".again")
#: How the codes of the rules end by which a unit must first speak with the asker; its record meets them, and no work is due
CONTACT = ".contact"


def moments(clock: Clock, calendar: Calendar) -> list[tuple[str, datetime]]:
    """
    When each mark of a clock takes effect.

    `expire` at the end of the due day, those `before` it at 9:00 of their day, those `after` it at the end of theirs.
    """
    found = []
    for mark in clock.rule.marks:
        if "after" in mark:
            day = _shifted(clock.due_on, mark["after"], mark["unit"], calendar)
            found.append((mark["name"], _midnight(day + timedelta(days=1))))
        elif "before" not in mark:
            found.append((mark["name"], clock.due_at or _midnight(clock.due_on + timedelta(days=1))))
        elif (day := _shifted(clock.due_on, -mark["before"], mark["unit"], calendar)) > clock.started_on:
            found.append((mark["name"], _midnight(day) + timedelta(hours=9)))
    return found


def _shifted(day: date, days: int, unit: str, calendar: Calendar) -> date:
    """A day some days away; one beyond the calendar's table is the last day that the table knows."""
    if unit != "WD":
        return day + timedelta(days=days)
    index = calendar.workdays.index(calendar.roll(day)) + days
    return calendar.workdays[min(max(index, 0), len(calendar.workdays) - 1)]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def group_of(clock: Clock) -> str:
    """Marks are taken back together with their task, or by the rule of a case's own clock."""
    return f"task:{clock.task_id}" if clock.task_id else f"rule:{clock.rule.code}"


def enqueue_marks(clock: Clock, calendar: Calendar) -> None:
    """Make each mark of a clock a job that is due at its moment."""
    works = [
        jobs.Work(
            kind="cases.fire_mark",
            subject_kind="case",
            subject_id=clock.case_id,
            key=f"mark:{clock.pk}:{mark}:{clock.due_on}",
            due_at=at,
            args={"clock_id": clock.pk, "mark": mark},
            group=group_of(clock),
        )
        for mark, at in moments(clock, calendar)
    ]
    jobs.enqueue(*works)


def meet_rules(case: Case, codes: Sequence[str], now: datetime) -> None:
    """
    What a case's own clocks of these rules wait for has happened.

    `*.answer` stands for the rule of that name of any process: a diagram that others call does not know theirs.
    """
    running = Clock.objects.filter(case=case, task=None, met_at=None, stopped_at=None).select_related("rule")
    met = [clock for clock in running if any(fnmatchcase(clock.rule.code, code) for code in codes)]
    if met:
        Clock.objects.filter(pk__in=[clock.pk for clock in met]).update(met_at=now, paused_on=None)
        groups = [f"rule:{clock.rule.code}" for clock in met]
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=groups)


def move_due(clock: Clock, *, to: date, why: str, act: Act, reason: str = "") -> None:
    """Move a due date, remember why, take the old marks back and enqueue the new ones."""
    before = clock.due_on
    ClockChange.objects.create(
        clock=clock, why=why, at=act.now, by=act.by.person, reason=reason, due_before=before, due_after=to
    )
    jobs.cancel(subject_kind="case", subject_id=clock.case_id, groups=[group_of(clock)])
    clock.due_on = to
    clock.due_at = None if clock.due_at is None else clock.due_at + (to - before)
    clock.save()
    enqueue_marks(clock, act.calendar)
    tasks_due_with(clock).filter(Q(due_on=before) | Q(due_on=None)).update(due_on=to)
    act.say("due_changed", rule=clock.rule.name, before=before, after=to, why=why, reason=reason)


def check_longest(act: Act, clock: Clock, to: date) -> None:
    """
    Refuse to extend the answer beyond the last day that the rules allow with every extension (最长期限).

    :raises ExtensionTooLong: if the day lies beyond it
    :raises NotInCalendar: if the calendar's table does not reach that far
    """
    if not clock.rule.code.endswith(ANSWERING):
        return
    try:
        rule = rules.rule(act.case.profile, f"{act.case.kind}.longest")
    except rules.NoRule:
        return  # where the rules set none, the office decides
    try:
        longest = arithmetic.due(clock.started_on, rule.amount, rule.unit, act.calendar).on
    except OutOfCalendar as error:
        raise errors.NotInCalendar from error
    if to > longest:
        raise errors.ExtensionTooLong(day=longest.isoformat())


def tasks_due_with(clock: Clock) -> TaskQuerySet:
    """A task with a clock of its own is due with that clock alone; the others are due with the case's."""
    open_tasks = Task.objects.open().filter(case=clock.case_id)
    return open_tasks.filter(pk=clock.task_id) if clock.task_id else open_tasks.filter(clocks=None)
