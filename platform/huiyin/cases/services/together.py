"""Do the same for several cases in one go, each case in a transaction of its own: one 交办日期, or one note of progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from huiyin.cases.models import Task
from huiyin.cases.services.acts import add_progress
from huiyin.cases.services.complete import complete_task
from huiyin.core import errors
from huiyin.directory.actors import Actor
from huiyin.files import services as files

#: Each task with its refusal, or None where it was done.
Outcome = list[tuple[Task, errors.Refusal | None]]


def complete_together(
    *, tasks: Iterable[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> Outcome:
    """
    Complete tasks of the same form with the same answers; a refusal of one stops none of the others.

    The same key again does nothing twice.
    """
    return _each(tasks, lambda task: complete_task(task=task, answers=answers, by=by, now=now, key=key))


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

    return _each(tasks, note)


def _each(tasks: Iterable[Task], do: Callable[[Task], Task]) -> Outcome:
    done: Outcome = []
    for task in tasks:
        try:
            do(task)
        except errors.Refusal as refusal:
            done.append((task, refusal))
        else:
            done.append((task, None))
    return done


def _with_own_photos(value: Any, now: datetime) -> Any:
    if not isinstance(value, dict) or not value.get("photos"):
        return value
    return {**value, "photos": files.stage_copies(value["photos"], now=now)}
