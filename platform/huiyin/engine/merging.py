"""
How facts of parallel branches come together.

Each branch carries a copy of the facts from the fork. At the join a branch contributes what it CHANGED since
the fork, in the order in which the branches arrived; so an old copy never overwrites a new value, lists are
taken whole, and when two branches changed the same fact the later arrival counts. The library's own merge
copies whatever arrives last and truncates lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that shares no list with the original."""
    return {name: list(value) if type(value) is list else value for name, value in data.items()}


def merged(tasks: Sequence[Any], facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of several branches of one workflow, `facts[i]` at `tasks[i]`, in arrival order."""
    if len(tasks) == 1:
        return copied(facts[0])
    base = _fork(tasks).data
    result = copied(base)
    for branch in facts:
        result.update(copied({k: v for k, v in branch.items() if k not in base or base[k] != v}))
    return result


def _fork(tasks: Sequence[Any]) -> Any:
    """The nearest common ancestor: where the branches parted."""
    paths = [_ancestors(task) for task in tasks]
    fork = paths[0][0]
    for level in zip(*paths, strict=False):
        if any(task is not level[0] for task in level):
            break
        fork = level[0]
    return fork


def _ancestors(task: Any) -> list[Any]:
    """From the root down to the parent of the task."""
    path = []
    task = task.parent
    while task is not None:
        path.append(task)
        task = task.parent
    return path[::-1]


def facts_of(workflow: Any) -> dict[str, Any]:
    """
    What is known now in a workflow: the facts of its live branches and of the plain sub-processes in them.

    Facts inside a multi-instance stay there. This is also what an interrupted sub-process hands on, so that a
    rating given before the deadline counts.
    """
    live = sorted(
        (t for t in workflow.tasks.values() if t.has_state(LIVE) and not t.triggered and not _is_armed(t)),
        key=lambda task: task.internal_data.get("arrived", 0),
    )
    if not live:
        return copied(workflow.end_data)
    return merged(live, [_facts_at(task) for task in live])


def _is_armed(task: Any) -> bool:
    return hasattr(task.task_spec, "cancel_activity")


def _facts_at(task: Any) -> dict[str, Any]:
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    return facts_of(inner) if inner is not None else task.data
