"""Do the same step of several cases in one go, each case in a transaction of its own: a batch, a grid of rows, one note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from huiyin.cases.models import Task
from huiyin.cases.services.acts import add_progress
from huiyin.cases.services.complete import complete_task
from huiyin.cases.services.recalling import recall_task
from huiyin.core import errors
from huiyin.directory.actors import Actor
from huiyin.files import services as files

#: Each task with its refusal, or None where it was done.
Outcome = list[tuple[Task, errors.Refusal | None]]


@dataclass(frozen=True)
class Answered:
    """One row of a list of tasks: its own answers, and the task as the person saw it."""

    task: Task
    answers: Mapping[str, Any]
    seen_revision: int | None = None


def complete_together(
    *, tasks: Iterable[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> Outcome:
    """
    Complete tasks of the same form with the same answers; a refusal of one stops none of the others.

    The same key again does nothing twice.
    """
    return complete_each(rows=[Answered(task, answers) for task in tasks], by=by, now=now, key=key)


def complete_each(*, rows: Iterable[Answered], by: Actor, now: datetime, key: str) -> Outcome:
    """
    Complete tasks, each with its own answers; a refusal of one stops none of the others.

    The same key again does nothing twice.
    """
    complete = partial(complete_task, by=by, now=now, key=key)
    return _each(
        (row.task, partial(complete, task=row.task, answers=row.answers, seen_revision=row.seen_revision))
        for row in rows
    )


def recall_each(*, tasks: Iterable[Task], by: Actor, now: datetime) -> Outcome:
    """收回: open several steps again that one has just done; a refusal of one stops none of the others."""
    return _each((task, partial(recall_task, task=task, by=by, now=now)) for task in tasks)


def add_progress_together(
    *, tasks: Iterable[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> Outcome:
    """
    写一次，用于几件: the same note of progress for several cases, each with photos of its own; the replies stay separate.

    The same key again notes nothing twice.
    """

    def note(task: Task) -> Task:
        own = {name: _with_own_photos(value, now) for name, value in answers.items()}
        return add_progress(task=task, answers=own, by=by, now=now, key=key)

    return _each((task, partial(note, task)) for task in tasks)


def _each(calls: Iterable[tuple[Task, Callable[[], Task]]]) -> Outcome:
    done: Outcome = []
    for task, call in calls:
        try:
            done.append((call(), None))
        except errors.Refusal as refusal:
            done.append((task, refusal))
    return done


def _with_own_photos(value: Any, now: datetime) -> Any:
    if not isinstance(value, dict) or not value.get("photos"):
        return value
    return {**value, "photos": files.stage_copies(value["photos"], now=now)}
