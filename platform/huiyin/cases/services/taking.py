"""Take a task out of the common queue, and give it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.models import Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.cases.services.complete import check_task
from huiyin.directory.actors import Actor


@transaction.atomic
def take_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """
    Claim a task, so that colleagues see who works on it.

    :raises TaskClosed: if it is done
    :raises NotYours: if it does not wait for this person
    :raises TakenByAnother: if a colleague was faster
    """
    return _set(task, by, now, taken=True)


@transaction.atomic
def return_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """
    Put a claimed task back into the queue.

    :raises TaskClosed: if it is done
    :raises NotTaken: if this person has not claimed it
    """
    return _set(task, by, now, taken=False)


def _set(task: Task, by: Actor, now: datetime, *, taken: bool) -> Task:
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("claimed_by").get(pk=task.pk)
    check_task(locked, by, None)
    act = Act(case, by, now, task=locked)
    mine = locked.claimed_by_id == act.person.pk
    if taken == mine:
        if taken:
            return locked
        raise errors.NotTaken
    locked.claimed_by = act.person if taken else None
    locked.save(update_fields=["claimed_by"])
    act.say("task_taken" if taken else "task_returned", task=locked.name)
    locking.finish(act)
    return locked
