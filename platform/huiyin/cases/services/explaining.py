"""Say why something is late: the other half of an overdue list."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.models import DelayNote, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.actors import Actor


@transaction.atomic
def explain_lateness(*, task: Task, words: str, by: Actor, now: datetime) -> DelayNote:
    """
    超期说明: write down why a task is late; the newest words stand on the overdue list. The same words again are one note.

    A colleague or the head may say it also of a task that somebody else has taken.

    :raises TaskClosed: if it is done
    :raises NotYours: if it does not wait for this person
    :raises NotLate: if it is not past its day
    :raises ReasonMissing: without words
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("unit").get(pk=task.pk)
    if locked.status != Task.Status.OPEN:
        raise errors.TaskClosed
    post = addresses.post_that_fits(by, locked.target, locked.step_id)
    if post is None:
        raise errors.NotYours
    if not is_late(locked, time_source.day_of(now)):
        raise errors.NotLate
    text = words.strip()
    if not text:
        raise errors.ReasonMissing
    newest = DelayNote.objects.filter(task=locked).order_by("-at", "-id").first()
    if newest is not None and newest.text == text:
        return newest
    act = Act(case, by, now, task=locked, on_behalf_of=None if post == "self" else post.on_behalf_of)
    note = DelayNote.objects.create(
        case=case, task=locked, round=locked.round, by=act.person, at=now, unit=locked.unit, text=text
    )
    act.say(
        "lateness_explained",
        task=locked.name,
        unit=locked.unit.name if locked.unit else "",
        due=locked.due_on,
        words=text,
        on_behalf_of=act.on_behalf_of.name if act.on_behalf_of else "",
    )
    locking.finish(act)
    return note


def is_late(task: Task, today: date) -> bool:
    """Whether a task is owed and past its day; an invitation on a closed case is never late."""
    owed = not task.after_close or task.unit_id is not None
    return owed and task.due_on is not None and task.due_on < today
