"""What is late, why, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases import present
from huiyin.cases.models import DelayNote, Task
from huiyin.directory.actors import Actor
from huiyin.directory.addresses import leading_nowhere


def overdue(actor: Actor, today: date) -> QuerySet[Task]:
    """
    Open tasks past their due date, or for nobody (无人可办), in matters that the actor oversees, most overdue first.

    :raises NotYourAct: for someone who oversees nothing
    """
    actor.require("board.overdue")
    waiting = Task.objects.visible_to(actor).open().that_is_work()
    late = waiting.annotate(nobody=leading_nowhere(today)).filter(Q(due_on__lt=today) | Q(nobody=True))
    return late.order_by("due_on", "id")


def overdue_by_unit(actor: Actor, today: date) -> list[tuple[str, int]]:
    """How many late tasks each unit has, most first; tasks that wait for offices or persons are counted under “—”."""
    rows = (
        overdue(actor, today)
        .order_by()
        .values("unit__name")
        .annotate(n=Count("id"))
        .order_by("-n", "unit__name")
    )
    return [(row["unit__name"] or "—", row["n"]) for row in rows]


@dataclass(frozen=True)
class LateStep:
    """A step of a case that is late: one row, however many units it waits for, and what they say about it."""

    row: present.TaskRow
    #: the newest words of each unit
    explained: tuple[DelayNote, ...]


def late_steps(late: QuerySet[Task]) -> QuerySet[Any]:
    """The (case, step) of late tasks, the longest late first."""
    steps = late.order_by().values("case_id", "step_id").annotate(due=Min("due_on"), first=Min("id"))
    return steps.order_by("due", "first")


def rows_of(
    steps: Iterable[Mapping[str, Any]], late: QuerySet[Task], actor: Actor, today: date
) -> list[LateStep]:
    """The late tasks of some steps, a row for each step; two queries however many they are."""
    wanted: dict[tuple[int, str], list[Task]] = {(step["case_id"], step["step_id"]): [] for step in steps}
    for task in late.filter(case__in={case for case, _step in wanted}).with_what_rows_show():
        if (task.case_id, task.step_id) in wanted:
            wanted[task.case_id, task.step_id].append(task)
    tasks = [task.pk for found in wanted.values() for task in found]
    notes = DelayNote.objects.visible_to(actor).filter(task__in=tasks).select_related("unit", "by")
    newest = {note.task_id: note for note in notes.order_by("at", "id")}
    return [_late_step(found, newest, today) for found in wanted.values() if found]


def _late_step(tasks: list[Task], newest: Mapping[int | None, DelayNote], today: date) -> LateStep:
    rows = [present.task_row(task, today) for task in tasks]
    joined = replace(
        rows[0],
        who=_("、").join(dict.fromkeys(row.who for row in rows)),
        since=min(row.since for row in rows),
        nobody=any(row.nobody for row in rows),
    )
    return LateStep(joined, tuple(newest[task.pk] for task in tasks if task.pk in newest))
