"""Take a task out of the common queue, give it to a colleague, and put it back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.cases import errors, runtime
from huiyin.cases.models import Assignment, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.cases.services.complete import check_task
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person
from huiyin.directory.roles import Role


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


@transaction.atomic
def give_task(*, task: Task, to: Person, by: Actor, now: datetime, due_on: date | None = None) -> Task:
    """
    分派: give a unit's part to one of its people, in a 科室 or not; the steps that follow wait for the same person.

    The head gives also what a colleague has taken.

    :param due_on: the unit's own deadline, not after the task's
    :raises TaskClosed: if it is done
    :raises NotYours: if it does not wait for this person's unit
    :raises NotInside: if it waits for a head or for a person, not for the unit's handlers
    :raises TakenByAnother: if a colleague has it and the giver does not head the unit
    :raises NotInUnit: if the other does not work in the unit
    :raises InsideDueWrong: if the unit's own deadline has passed or lies after the task's
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("claimed_by", "assignment", "unit").get(pk=task.pk)
    try:
        check_task(locked, by, None)
    except errors.TakenByAnother:
        if not any(locked.unit_id in post.own_units for post in by.with_role(Role.UNIT_HEAD)):
            raise
    if locked.unit_id is None or locked.role:
        raise errors.NotInside
    today = time_source.day_of(now)
    target = addresses.Target(role="", unit_id=locked.unit_id)
    if addresses.post_that_fits(actor_of(to, today), target) is None:
        raise errors.NotInUnit(name=to.name)
    if due_on is not None and not today <= due_on <= (locked.due_on or due_on):
        raise errors.InsideDueWrong
    locked.claimed_by, locked.inside_due_on = to, due_on
    locked.save(update_fields=["claimed_by", "inside_due_on"])
    if not runtime.is_review(runtime.document_of(locked, case.definition_id)):
        parts = Assignment.objects.filter(case=case, round=locked.round, unit=locked.unit)
        parts.update(handler=to, inside_due_on=due_on)
    act = Act(case, by, now, task=locked)
    act.say("task_given", task=locked.name, to=to.name, due=due_on)
    told = {"number": case.number, "title": case.title, "task": locked.name, "due": str(due_on or "")}
    act.notify(to.pk, "task_given", f"{locked.key}:{now.isoformat()}", **told)
    locking.finish(act)
    return locked


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
    if not taken:
        # Put back into the queue, the unit's part is nobody's again.
        Assignment.objects.filter(case=case, round=locked.round, unit=locked.unit).update(handler=None)
    act.say("task_taken" if taken else "task_returned", task=locked.name)
    locking.finish(act)
    return locked
