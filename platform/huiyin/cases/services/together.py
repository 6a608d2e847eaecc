"""Do the same task of several cases in one go: one 交办日期 for a batch, each case in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from huiyin.cases.models import Task
from huiyin.cases.services.complete import complete_task
from huiyin.core import errors
from huiyin.directory.actors import Actor


def complete_together(
    *, tasks: Iterable[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> list[tuple[Task, errors.Refusal | None]]:
    """
    Complete tasks of the same form with the same answers; a refusal of one stops none of the others.

    Returns each task with its refusal, or None where it was done. The same key again does nothing twice.
    """
    done: list[tuple[Task, errors.Refusal | None]] = []
    for task in tasks:
        try:
            complete_task(task=task, answers=answers, by=by, now=now, key=key)
        except errors.Refusal as refusal:
            done.append((task, refusal))
        else:
            done.append((task, None))
    return done
