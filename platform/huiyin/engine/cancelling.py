"""Cancel tasks with everything that runs inside them; the stock cancel leaves instances behind."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState


def cancel_task(task: Any) -> None:
    """Cancel an unfinished task, its instances and its running sub-process."""
    for child in task.children:
        if not child.has_state(TaskState.FINISHED_MASK):
            cancel_task(child)
    top = task.workflow.top_workflow
    inner = top.subprocesses.pop(task.id, None)
    if inner is not None:
        inner.completed = True
        cancel_all(inner)
    if not task.has_state(TaskState.FINISHED_MASK):
        task._set_state(TaskState.CANCELLED)


def cancel_all(workflow: Any) -> None:
    """Cancel every unfinished task of one workflow, whatever its depth."""
    for task in list(workflow.tasks.values()):
        if not task.has_state(TaskState.FINISHED_MASK):
            cancel_task(task)
