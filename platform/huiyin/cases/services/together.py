"""Do the same step of several cases in one go, each case in a transaction of its own: a batch, or a grid of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases.models import Task
from huiyin.cases.services.complete import complete_task
from huiyin.cases.services.recalling import recall_task
from huiyin.core import errors
from huiyin.directory.actors import Actor


@dataclass(frozen=True)
class Answered:
    """One row of a list of tasks: its own answers, and the task as the person saw it."""

    task: Task
    answers: Mapping[str, Any]
    seen_revision: int | None = None


def complete_together(
    *, tasks: Iterable[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> list[tuple[Task, errors.Refusal | None]]:
    """
    Complete tasks of the same form with the same answers; a refusal of one stops none of the others.

    Returns each task with its refusal, or None where it was done. The same key again does nothing twice.
    """
    return complete_each(rows=[Answered(task, answers) for task in tasks], by=by, now=now, key=key)


def complete_each(
    *, rows: Iterable[Answered], by: Actor, now: datetime, key: str
) -> list[tuple[Task, errors.Refusal | None]]:
    """
    Complete tasks, each with its own answers; a refusal of one stops none of the others.

    Returns each task with its refusal, or None where it was done. The same key again does nothing twice.
    """
    done: list[tuple[Task, errors.Refusal | None]] = []
    for row in rows:
        try:
            task = complete_task(
                task=row.task, answers=row.answers, by=by, now=now, key=key, seen_revision=row.seen_revision
            )
        except errors.Refusal as refusal:
            done.append((row.task, refusal))
        else:
            done.append((task, None))
    return done


def recall_each(
    *, tasks: Iterable[Task], by: Actor, now: datetime
) -> list[tuple[Task, errors.Refusal | None]]:
    """
    收回: open several steps again that one has just done; a refusal of one stops none of the others.

    Returns each task with its refusal, or None where it was taken back.
    """
    done: list[tuple[Task, errors.Refusal | None]] = []
    for task in tasks:
        try:
            recall_task(task=task, by=by, now=now)
        except errors.Refusal as refusal:
            done.append((task, refusal))
        else:
            done.append((task, None))
    return done
