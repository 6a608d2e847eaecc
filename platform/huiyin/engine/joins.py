"""
Where paths meet. The stock joins count a branch of an earlier round again; ours count tokens.

A token is a task of the join that WAITS; firing consumes it. The publish gate has proved that at most one
token can stand on a flow, so a join fires exactly when every incoming flow has one.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin as StockBoundaryJoin
from SpiffWorkflow.bpmn.specs.control import _EndJoin as StockEndJoin
from SpiffWorkflow.util.task import TaskState

from huiyin.engine import merging
from huiyin.engine.cancelling import cancel_task
from huiyin.engine.specs import Walking


def _arrive(my_task: Any) -> list[Any]:
    """Let a token wait at its join; give all tokens waiting there, in the order of their arrival."""
    spec, tasks = my_task.task_spec, my_task.workflow.tasks.values()
    waiting = [t for t in tasks if t.task_spec is spec and t.state == TaskState.WAITING and t is not my_task]
    waiting.sort(key=lambda task: task.internal_data["arrived"])
    if "arrived" not in my_task.internal_data:
        last = waiting[-1].internal_data["arrived"] if waiting else 0
        # The parent may be compacted away while the token waits, so the way it came is kept here.
        my_task.internal_data.update(arrived=last + 1, via=my_task.parent.task_spec.name)
        my_task.data = merging.copied(my_task.parent.data)
        my_task._set_state(TaskState.WAITING)
    return [*waiting, my_task]


def _consume(my_task: Any, tokens: list[Any]) -> None:
    """Let one task go on with what all tokens brought; the others are used up."""
    my_task.data = merging.merged(tokens, [token.data for token in tokens])
    for token in tokens:
        if token is not my_task:
            token._set_state(TaskState.CANCELLED)


class ParallelGateway(Walking, stock.ParallelGateway):  # type: ignore[misc]
    def _update_hook(self, my_task: Any) -> bool:
        tokens = _arrive(my_task)
        if {token.internal_data["via"] for token in tokens} != set(self._inputs):
            return False
        _consume(my_task, tokens)
        return True

    def _run_hook(self, my_task: Any) -> bool:
        return True


class EndJoin(Walking, StockEndJoin):  # type: ignore[misc]
    """The end of a process or sub-process: waits for everyone, at any depth."""

    def _update_hook(self, my_task: Any) -> bool:
        tokens = _arrive(my_task)
        running = TaskState.FUTURE | TaskState.WAITING | TaskState.READY | TaskState.STARTED
        others = (t for t in my_task.workflow.tasks.values() if t.has_state(running))
        if any(task.task_spec is not self for task in others):
            return False
        _consume(my_task, tokens)
        return True

    def _run_hook(self, my_task: Any) -> bool:
        my_task.workflow.end_data = my_task.data
        return True


class BoundaryJoin(Walking, StockBoundaryJoin):  # type: ignore[misc]
    """
    Reached from an activity that finished or the boundary event that interrupted it: the rest is cancelled.

    It is done at once and leads nowhere; the flows leave from the activity or the boundary event itself.
    """

    def _update_hook(self, my_task: Any) -> bool:
        split = my_task.parent
        while split.task_spec.name != self.split_task:
            split = split.parent
        for child in split.children:
            if not child.has_state(TaskState.FINISHED_MASK):
                cancel_task(child)
        my_task._set_state(TaskState.COMPLETED)
        return False
