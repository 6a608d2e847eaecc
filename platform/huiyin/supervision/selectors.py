"""What is late, why, and whose turn it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases import present
from huiyin.cases.models import DelayNote, Task
from huiyin.directory.actors import Actor
from huiyin.directory.models import Unit


def overdue(actor: Actor, today: date) -> QuerySet[Task]:
    """
    Open tasks past their due date, or for nobody (无人可办), in matters that the actor oversees, most overdue first.

    :raises NotYourAct: for someone who oversees nothing
    """
    actor.require("board.overdue")
    waiting = Task.objects.visible_to(actor).open().that_is_work()
    late = waiting.with_nobody(today).filter(Q(due_on__lt=today) | Q(nobody=True))
    return late.order_by("due_on", "id")


#: Under this name stand tasks that wait for offices or persons.
NO_UNIT = "—"


@dataclass(frozen=True)
class Board:
    """What is late, from one read: its steps, the longest late first, and how many late tasks each unit has, most first."""

    #: for each step of a case that is late, the ids of its late tasks
    steps: list[list[int]]
    by_unit: list[tuple[str, int]]


def board(actor: Actor, today: date, unit: str = "") -> Board:
    """
    What is late in the matters that the actor oversees.

    :param unit: only steps at which this unit is late; every unit is counted all the same
    :raises NotYourAct: for someone who oversees nothing
    """
    late = list(overdue(actor, today).values_list("id", "case_id", "step_id", "unit_id"))
    counts = Counter(row[3] for row in late)
    names = dict(Unit.objects.filter(pk__in=[pk for pk in counts if pk]).values_list("pk", "name"))
    steps: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, case_id, step_id, unit_id in late:
        if not unit or unit == names.get(unit_id, NO_UNIT):
            steps[case_id, step_id].append(pk)
    by_unit: Counter[str] = Counter()
    for unit_id, count in counts.items():
        by_unit[names.get(unit_id, NO_UNIT)] += count
    return Board(list(steps.values()), sorted(by_unit.items(), key=lambda found: (-found[1], found[0])))


@dataclass(frozen=True)
class LateStep:
    """A step of a case that is late: one row, however many units it waits for, and what they say about it."""

    row: present.TaskRow
    #: the newest words of each unit
    explained: tuple[DelayNote, ...]


def rows_of(steps: Iterable[list[int]], actor: Actor, today: date) -> list[LateStep]:
    """The rows of some late steps of a board that the actor was just shown; a fixed number of queries however many they are."""
    wanted = list(steps)
    ids = [pk for step in wanted for pk in step]
    read = Task.objects.filter(pk__in=ids).with_nobody(today).with_what_rows_show()
    tasks = {task.pk: task for task in read}
    notes = DelayNote.objects.visible_to(actor).filter(task__in=ids).select_related("unit", "by")
    newest = {note.task_id: note for note in notes.order_by("at", "id")}
    found = [[tasks[pk] for pk in step if pk in tasks] for step in wanted]
    return [_late_step(step, newest, today) for step in found if step]


def _late_step(tasks: list[Task], newest: Mapping[int | None, DelayNote], today: date) -> LateStep:
    rows = [present.task_row(task, today) for task in tasks]
    joined = replace(
        rows[0],
        who=_("、").join(dict.fromkeys(row.who for row in rows)),
        since=min(row.since for row in rows),
        nobody=any(row.nobody for row in rows),
    )
    return LateStep(joined, tuple(newest[task.pk] for task in tasks if task.pk in newest))
