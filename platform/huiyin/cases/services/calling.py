"""Service tasks: a job makes the call, and what came of it re-enters the case as an advance."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin import engine
from huiyin.cases import connectors, errors, runtime
from huiyin.cases.models import Case, CaseState
from huiyin.cases.outside import Call
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, projection
from huiyin.directory import addresses
from huiyin.directory.actors import PUBLIC
from huiyin.jobs import services as jobs

JOB = "cases.call"


def call_outside(*, case_id: int, key: str) -> str | None:
    """
    Make the call of a waiting service task, outside of any transaction, and give its result.

    None for a connector that stays inside, and for a task that no longer waits: the case went another way.

    :raises CallFailed: if the other side does not answer in time, or refuses
    """
    case = Case.objects.select_related("state").get(pk=case_id)
    step = _waiting(case, bytes(case.state.state), key)
    if step is None:
        return None
    call = Call(
        to=step.props.get("to", ""),
        number=case.number,
        process=case.kind,
        step=step.id,
        name=step.name,
        round=case.round,
        key=key,
    )
    return connectors.send(connectors.CONNECTORS[step.props["connector"]], call)


@transaction.atomic
def finish_call(*, case_id: int, key: str, result: str | None, now: datetime) -> bool:
    """
    Let the case go on with the result of a call; False if it is no longer waited for. Safe to run twice.

    :param result: None lets the connector do its work now, as those do that stay inside
    :raises CallFailed: if the process cannot go on with it
    """
    case = locking.lock(case_id)
    state = bytes(CaseState.objects.values_list("state", flat=True).get(case=case))
    step = _waiting(case, state, key)
    if step is None:
        return False
    act = Act(case, PUBLIC, now)
    run = runtime.of(case.definition_id)
    item = next(task.item for task in engine.look(run.process, state).open if task.key == key)
    found: object = result
    if found is None and (do := connectors.CONNECTORS[step.props["connector"]].do) is not None:
        target = _target(act, step.props["to"], item) if "to" in step.props else None
        found = do(act, step, target)
    name = step.props.get("result")
    act.say("service_called", step=step.name, result=found if name else "")
    try:
        advance = engine.complete(
            run.process,
            state,
            key=key,
            data={name: found} if name else {},
            tables=runtime.all_tables(run, case.profile),
        )
    except (engine.Broken, engine.Overrun, engine.NotFacts) as error:
        raise errors.CallFailed(why=str(error), step_id=step.id) from error
    projection.apply(act, advance, run)
    locking.write_lines(case, act, by_id=None, now=now)
    return True


def skip_call(*, job: jobs.Job, now: datetime) -> bool:
    """
    Let the case go on without a call that an operator leaves undone: its result is “skipped”.

    :raises CallFailed: if the process cannot go on without it
    """
    return finish_call(**job.args, result=connectors.SKIPPED, now=now)


def _target(act: Act, address: str, item: str | None) -> addresses.Target:
    return projection.target_of(act, address, projection.assignment_of(act, item))


def _waiting(case: Case, state: bytes, key: str) -> engine.Step | None:
    process = runtime.of(case.definition_id).process
    found = (task for task in engine.look(process, state).open if task.key == key)
    return next((process.steps[task.step_id] for task in found), None)
