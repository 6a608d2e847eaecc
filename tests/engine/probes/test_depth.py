"""What SpiffWorkflow 3.2.0 does with long histories."""

from __future__ import annotations

import pytest
from SpiffWorkflow.util.task import TaskIterator, TaskState

from tests.engine.drawing import bpmn, end, flow, start, user, xor
from tests.engine.probes.trying import begun, ready

LOOP = bpmn(
    start(),
    xor("m"),
    user("a"),
    xor("x", "x_end"),
    end(),
    flow("start > m > a > x > end"),
    flow("x > m", "redo"),
)


def test_a_case_a_thousand_tasks_deep_counts_as_completed_while_a_task_is_ready() -> None:
    workflow = begun(LOOP)
    for _ in range(400):
        task = next(
            t for t in workflow.tasks.values() if t.state == TaskState.READY and t.task_spec.name == "a"
        )
        task.data["redo"] = True
        task.run()
        for _ in range(4):
            for t in list(workflow.tasks.values()):
                if t.state == TaskState.READY and not t.task_spec.manual:
                    t.run()
        if not list(TaskIterator(workflow.task_tree, state=TaskState.READY)):
            break
    assert any(t.state == TaskState.READY for t in workflow.tasks.values())
    assert workflow.is_completed()
    assert ready(workflow) == []


def test_an_ancestor_search_in_a_long_history_recurses_too_deep() -> None:
    workflow = begun(LOOP)
    parent = workflow.task_tree
    for _ in range(1_100):
        parent = parent._add_child(workflow.spec.task_specs["m"], TaskState.FUTURE)
    with pytest.raises(RecursionError):
        parent.is_descendant_of(object())
