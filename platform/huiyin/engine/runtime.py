"""A running case in memory, and the bounded loop that takes it to its next waiting place."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from huiyin.engine.errors import BadExpression, Broken, NotFacts, Overrun
from huiyin.engine.lockdown import safe_engine
from huiyin.engine.specs import BoundaryEvent
from huiyin.engine.tables import Table
from huiyin.engine.values import Budget

_ENGINE = safe_engine()  # holds no state


class Frame(BpmnSubWorkflow):  # type: ignore[misc]
    """A running embedded sub-process."""

    last_end: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.end_data: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    def update_waiting_tasks(self) -> None:
        """Nothing polls: joins look when a token arrives, boundary events when a message does."""


class Case(BpmnWorkflow):  # type: ignore[misc]
    """The top of a running case, with the journal of this advance."""

    last_end: str | None = None

    def __init__(self, spec: Any, subprocess_specs: Any, flow_ids: Mapping[tuple[str, str], str]) -> None:
        self.end_data: dict[str, Any] = {}
        self.journal: list[str] = []
        self.flow_ids = flow_ids
        self.tables: Mapping[str, Table] = {}
        super().__init__(spec, subprocess_specs, _ENGINE, deserializing=True)

    def create_subprocess(self, my_task: Any, spec_name: str) -> Frame:
        frame = Frame(self.subprocess_specs[spec_name], my_task.id, self)
        self.attach(my_task, frame)
        return frame

    def attach(self, owner: Any, frame: Frame) -> None:
        """Let the owner go on when the sub-process completes."""
        self.subprocesses[owner.id] = frame
        frame.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)

    def update_waiting_tasks(self) -> None:
        """As in Frame."""

    def workflows(self) -> list[Any]:
        """The case and all its running sub-processes; a cancelled or finished one is not among them."""
        return [self, *self.subprocesses.values()]

    def tasks_in(self, state: int) -> Iterator[Any]:
        for workflow in self.workflows():
            for task in list(workflow.tasks.values()):
                if task._state & state:
                    yield task

    def user_tasks(self) -> Iterator[Any]:
        return (task for task in self.tasks_in(TaskState.READY) if task.task_spec.manual)

    def armed(self) -> Iterator[Any]:
        """The boundary events that would catch their message now."""
        return (t for t in self.tasks_in(TaskState.WAITING) if isinstance(t.task_spec, BoundaryEvent))


def run(case: Case, budget: Budget) -> None:
    """
    Run every automatic step that is ready, until only people and messages are waited for.

    :raises Overrun: past the budget
    :raises Broken: if a step cannot be evaluated, or if nothing is left to wait for before the end
    """
    # A thread's own time: on a machine that is busy with others a good diagram must not become an incident.
    deadline = time.thread_time() + budget.seconds
    steps = 0
    ran = True
    while ran:
        ran = False
        for task in list(case.tasks_in(TaskState.READY)):
            if task.task_spec.manual or not _still_ready(case, task):
                continue
            steps += 1
            if steps > budget.steps:
                raise Overrun(f"more than {budget.steps} automatic steps")
            if time.thread_time() > deadline:
                raise Overrun(f"more than {budget.seconds} s")
            run_task(task)
            ran = True
    _prove_quiet(case)


def run_task(task: Any) -> None:
    """
    Run one step.

    :raises Broken: if it cannot be evaluated
    """
    try:
        task.run()
    except (BadExpression, NotFacts, SpiffWorkflowException) as error:
        raise Broken(task.task_spec.bpmn_id or task.task_spec.name, str(error)) from error


def _still_ready(case: Case, task: Any) -> bool:
    """A step before it in this pass may have cancelled it, or the sub-process it lives in."""
    if task.state != TaskState.READY:
        return False
    workflow = task.workflow
    return workflow is case or case.subprocesses.get(workflow.parent_task_id) is workflow


def _prove_quiet(case: Case) -> None:
    """Own check by open tasks: the library's `is_completed` looks only 1,000 tasks deep."""
    waiting = any(True for _ in case.user_tasks())
    if case.completed and waiting:
        raise Broken(case.last_end or "", "the process ended while tasks were open")
    if not case.completed and not waiting:
        raise Broken("", "nothing is left to wait for, but no end was reached")
