"""Run a diagram on the real library, with its own classes and no lint, to see what it does."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from tests.engine.stock import parsed


def begun(source: bytes, **facts: Any) -> BpmnWorkflow:
    workflow = parsed(source)
    workflow.task_tree.data.update(facts)
    workflow.do_engine_steps()
    return workflow


def ready(workflow: BpmnWorkflow) -> list[str]:
    found = workflow.get_tasks(state=TaskState.READY)
    return sorted(task.task_spec.bpmn_id or task.task_spec.name for task in found if task.task_spec.manual)


def do(workflow: BpmnWorkflow, step: str, **facts: Any) -> None:
    task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == step)
    task.data.update(facts)
    task.run()
    workflow.do_engine_steps()


def send(workflow: BpmnWorkflow, message: str, target: Any = None) -> None:
    event = BpmnEvent(MessageEventDefinition(message), {}, target=target)
    workflow.event_manager.catch(event, internal=False)
    workflow.do_engine_steps()


def untouched(code: str) -> str:
    """What code prints in a fresh process in which our engine is not imported, so nothing is switched off."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60, check=True
    )
    return run.stdout.strip()
