"""The verbs of the adapter: start, complete, deliver, look. Each takes bytes and gives bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from huiyin.engine import codec, merging
from huiyin.engine.errors import NotAwaited
from huiyin.engine.facts import checked
from huiyin.engine.process import Process
from huiyin.engine.runtime import Case, run, run_task
from huiyin.engine.specs import SPLIT, SubWorkflowTask
from huiyin.engine.tables import Table
from huiyin.engine.values import DEFAULT, Advance, Budget, Ended, Listener, OpenTask

NO_FACTS: Mapping[str, object] = MappingProxyType({})
NO_TABLES: Mapping[str, Table] = MappingProxyType({})


def start(
    process: Process,
    *,
    data: Mapping[str, object] = NO_FACTS,
    tables: Mapping[str, Table] = NO_TABLES,
    budget: Budget = DEFAULT,
) -> Advance:
    """
    Begin a case and take it to its first waiting place.

    :raises NotFacts: if the data are not plain routing facts
    :raises Overrun: past the budget
    :raises Broken: if a step cannot be evaluated
    """
    case = process.new_case()
    case.tables = tables
    case.task_tree = Task(case, case.spec.start, state=TaskState.READY)
    case.task_tree.data = checked(data)
    run(case, budget)
    return _report(process, case, ())


def complete(
    process: Process,
    state: bytes,
    *,
    key: str,
    data: Mapping[str, object] = NO_FACTS,
    tables: Mapping[str, Table] = NO_TABLES,
    budget: Budget = DEFAULT,
) -> Advance:
    """
    Complete an open user task with its routing facts and go on.

    :raises NotAwaited: if no open task has this key
    :raises NotFacts: if the data are not plain routing facts
    :raises ForeignState: if the state is not one of this process
    :raises Overrun: past the budget
    :raises Broken: if a step cannot be evaluated
    """
    case = _load(process, state, tables)
    before = _open(case)
    task = next((task for task in case.user_tasks() if str(task.id) == key), None)
    if task is None:
        raise NotAwaited(f"no open task has the key {key}")
    task.data.update(checked(data))
    run_task(task)
    run(case, budget)
    return _report(process, case, before)


def deliver(
    process: Process,
    state: bytes,
    *,
    message: str,
    frame: str | None = None,
    data: Mapping[str, object] = NO_FACTS,
    tables: Mapping[str, Table] = NO_TABLES,
    budget: Budget = DEFAULT,
) -> Advance:
    """
    Deliver a message to the boundary events of one frame; it never bubbles to the frame around it.

    Facts learnt inside an interrupted sub-process go with the boundary event's path.

    :raises NotAwaited: if nobody waits for it there, or if no frame is given and several have listeners
    :raises NotFacts: if the data are not plain routing facts
    :raises ForeignState: if the state is not one of this process
    :raises Overrun: past the budget
    :raises Broken: if a step cannot be evaluated
    """
    case = _load(process, state, tables)
    before = _open(case)
    facts = checked(data)
    for task in _listening(case, message, frame):
        if task.state == TaskState.WAITING:
            _fire(task, facts)
    run(case, budget)
    return _report(process, case, before)


def look(process: Process, state: bytes) -> Advance:
    """
    What a saved case waits for.

    :raises ForeignState: if the state is not one of this process
    """
    case = _load(process, state, NO_TABLES)
    return _report(process, case, _open(case), state)


def known(process: Process, state: bytes) -> frozenset[str]:
    """
    The names of all facts that are known somewhere in a saved case, inside instances too.

    :raises ForeignState: if the state is not one of this process
    """
    case = _load(process, state, NO_TABLES)
    return frozenset(name for task in case.tasks_in(merging.LIVE) for name in task.data)


def correct(process: Process, state: bytes, *, data: Mapping[str, object]) -> Advance:
    """
    Set facts at every place where a case waits, and move nothing: what an operator does when a step cannot be evaluated.

    :raises NotFacts: if the data are not plain routing facts
    :raises ForeignState: if the state is not one of this process
    """
    case = _load(process, state, NO_TABLES)
    before, facts = _open(case), checked(data)
    for task in case.tasks_in(merging.LIVE):
        task.data.update(merging.copied(facts))
    return _report(process, case, before)


def _load(process: Process, state: bytes, tables: Mapping[str, Table]) -> Case:
    case = codec.decode(state, process.digest, process.new_case())
    case.tables = tables
    return case


def _listening(case: Case, message: str, frame: str | None) -> list[Any]:
    found = [task for task in case.armed() if task.task_spec.event_definition.name == message]
    if frame is not None:
        found = [task for task in found if _frame(task) == frame]
    if not found:
        where = "" if frame is None else f" in the frame {frame or 'top'}"
        raise NotAwaited(f"nobody waits for the message {message}{where}")
    frames = sorted({_frame(task) or "top" for task in found})
    if len(frames) > 1:
        raise NotAwaited(f"the message {message} is awaited in several frames: {', '.join(frames)}")
    return found


def _fire(task: Any, facts: Mapping[str, object]) -> None:
    inner = task.workflow.top_workflow.subprocesses.get(_guarded(task).id)
    if inner is not None:
        task.data.update(merging.facts_of(inner))
    task.data.update(facts)
    task._ready()


def _guarded(task: Any) -> Any:
    """The activity an armed boundary event is attached to."""
    name = task.parent.task_spec.name.removesuffix(SPLIT)
    return next(child for child in task.parent.children if child.task_spec.name == name)


def _frame(task: Any) -> str:
    owner = task.workflow.parent_task_id
    return "" if owner is None else str(owner)


def _item(case: Case, task: Any) -> str | None:
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        owner = case.get_task_from_id(workflow.parent_task_id)
        if isinstance(owner.task_spec, SubWorkflowTask) and owner.triggered:
            return str(owner.internal_data["item"])
        workflow = owner.workflow
    return None


def _open(case: Case) -> tuple[OpenTask, ...]:
    return tuple(
        OpenTask(str(task.id), task.task_spec.bpmn_id, _item(case, task), _frame(task))
        for task in case.user_tasks()
    )


def _listeners(case: Case) -> Iterable[Listener]:
    for task in case.armed():
        spec = task.task_spec
        yield Listener(
            spec.event_definition.name, spec.bpmn_id, _frame(task), _guarded(task).task_spec.bpmn_id
        )


def _report(
    process: Process, case: Case, before: tuple[OpenTask, ...], state: bytes | None = None
) -> Advance:
    now = _open(case)
    known, here = {task.key for task in before}, {task.key for task in now}
    return Advance(
        state=codec.encode(case, process.digest) if state is None else state,
        open=now,
        opened=tuple(task for task in now if task.key not in known),
        closed=tuple(task.key for task in before if task.key not in here),
        passed=tuple(case.journal),
        listeners=tuple(_listeners(case)),
        ended=_ended(process, case),
        data=merging.facts_of(case),
    )


def _ended(process: Process, case: Case) -> Ended | None:
    if not case.completed or case.last_end is None:
        return None
    step = process.steps[case.last_end]
    return Ended(step.id, step.props.get("outcome", ""), step.name)
