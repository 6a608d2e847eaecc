"""Let a deadline's mark take effect: remind, report as late, or move the case by a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.deadlines import moments
from huiyin.cases.models import Assignment, Case, CaseState, Clock, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, projection
from huiyin.core import time_source
from huiyin.directory.actors import PUBLIC


@transaction.atomic
def fire_mark(*, clock: Clock, mark: str, now: datetime) -> bool:
    """
    Let a mark take effect; False if the clock ended, paused or moved meanwhile. Safe to run twice: jobs run a row once.

    :raises engine.NotAwaited: if the mark's message reaches no listener; the job becomes an incident
    """
    case = locking.lock(clock.case_id)
    clock = Clock.objects.select_related("rule", "task__unit", "task__assignment").get(pk=clock.pk)
    if not clock.is_running or clock.paused_on is not None:
        return False
    wanted = next((found for found in clock.rule.marks if found["name"] == mark), None)
    act = Act(case, PUBLIC, now)
    if wanted is None or _is_early(act, clock, wanted):
        return False
    if "after" not in wanted:
        act.say(
            f"clock_{'expired' if 'before' not in wanted else 'warned'}",
            rule=clock.rule.name,
            due=clock.due_on,
        )
        _tell(act, clock, expired="before" not in wanted)
    if message := wanted.get("message"):
        _send(act, clock, message)
    locking.write_lines(case, act, by_id=None, now=now)
    return True


def _is_early(act: Act, clock: Clock, mark: Mapping[str, Any]) -> bool:
    """Whether the deadline was moved after this mark was enqueued; a reminder is never too early."""
    if "before" in mark:
        return False
    if "after" in mark:
        return dict(moments(clock, act.calendar))[mark["name"]] > act.now
    return clock.due_at is None and time_source.day_of(act.now) <= clock.due_on


def _send(act: Act, clock: Clock, message: str) -> None:
    """Deliver a mark's message; where the step alone catches it, its unit's part has lapsed (未提出意见)."""
    run, task = runtime.of(act.case.definition_id), clock.task
    heard = engine.look(run.process, bytes(act.case.state.state)).listeners
    frame = task.frame if task is not None else ""
    caught = {found.attached_to for found in heard if (found.message, found.frame) == (message, frame)}
    is_own = task is not None and caught == {task.step_id}
    if not is_own and _others_run_on(clock):
        return
    send_message(act, message, task=task)
    if task is not None and is_own and task.assignment is not None and task.unit is not None:
        Task.objects.filter(pk=task.pk).update(status=Task.Status.LAPSED)
        act.say("part_lapsed", unit=task.unit.name, task=task.name, due=clock.due_on)
        told = {"number": act.case.number, "unit": task.unit.name, "task": task.name}
        act.notify(_who_leads(act.case), "part_lapsed", str(task.pk), **told)


def _who_leads(case: Case) -> int | None:
    """Who holds the lead unit's part, if it was given or taken."""
    lead = Assignment.objects.filter(case=case, part=Assignment.Part.LEAD).order_by("-round").first()
    if lead is None:
        return None
    taken = Task.objects.open().filter(case=case, unit=lead.unit_id).exclude(claimed_by=None)
    return taken.values_list("claimed_by_id", flat=True).first() or lead.handler_id


def _others_run_on(clock: Clock) -> bool:
    """Both raters have a clock: while one is extended or paused, the other's end must not cut it off."""
    same = Clock.objects.filter(case=clock.case_id, rule=clock.rule, met_at=None, stopped_at=None).exclude(
        pk=clock.pk
    )
    return same.filter(Q(due_on__gt=clock.due_on) | Q(paused_on__isnull=False)).exists()


def send_message(act: Act, message: str, *, task: Task | None = None) -> None:
    """
    Deliver a message to the case's process, to the listener nearest to the task.

    :raises engine.NotAwaited: if nobody waits for it
    """
    case = act.case
    run = runtime.of(case.definition_id)
    state = bytes(case.state.state)
    tables = runtime.all_tables(run, case.profile)
    frame = None
    if task is not None:
        listeners = engine.look(run.process, state).listeners
        frame = next(
            (found.frame for found in listeners if found.message == message and found.frame == task.frame),
            None,
        )
    advance = engine.deliver(
        run.process, state, message=message, frame=frame, data=act.routing, tables=tables
    )
    projection.apply(act, advance, run)


def awaits(case: Case, message: str) -> bool:
    """Whether the case's process waits for a message now."""
    run = runtime.of(case.definition_id)
    state = bytes(CaseState.objects.values_list("state", flat=True).get(case=case))
    return any(found.message == message for found in engine.look(run.process, state).listeners)


def _tell(act: Act, clock: Clock, *, expired: bool) -> None:
    """Tell the one person a task waits for; units see the lamp on their list."""
    task = clock.task
    if task is not None and task.person_id is not None and not expired:
        act.notify(
            task.person_id,
            "reminder",
            f"{clock.pk}",
            number=act.case.number,
            task=task.name,
            due=clock.due_on.isoformat(),
        )
