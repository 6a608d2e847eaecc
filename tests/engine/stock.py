"""The stock path: the library's own parser, classes and serializer; spec and history saved, no compaction."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from huiyin.engine.lockdown import safe_engine

SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))


def parsed(source: bytes, process_id: str = "matter") -> BpmnWorkflow:
    """A workflow of stock classes; only its script engine is the safe one, for eval is switched off."""
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(source))
    spec = parser.get_spec(process_id)
    return BpmnWorkflow(spec, parser.get_subprocess_specs(process_id), script_engine=safe_engine())


def reloaded(workflow: BpmnWorkflow) -> BpmnWorkflow:
    """Through JSON and back, as the library means it."""
    again = SERIALIZER.deserialize_json(json.dumps(json.loads(SERIALIZER.serialize_json(workflow))))
    again.script_engine = safe_engine()
    return again


class StockWalk:
    """One case on the stock path, saved and loaded after every step."""

    def __init__(self, source: bytes, **facts: Any) -> None:
        self.workflow = parsed(source)
        self.workflow.task_tree.data.update(facts)
        self._settle()

    def _settle(self) -> None:
        self.workflow.do_engine_steps()
        self.workflow = reloaded(self.workflow)

    def ready(self) -> list[Any]:
        return [t for t in self.workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual]

    def item(self, task: Any) -> str | None:
        return task.data.get("assignment") if "assignment" in task.data else None

    @property
    def waits(self) -> list[str]:
        return sorted(t.task_spec.bpmn_id for t in self.ready())

    def do(self, step: str, item: str | None = None, **facts: Any) -> None:
        tasks = [t for t in self.ready() if t.task_spec.bpmn_id == step]
        if item is not None:
            tasks = [t for t in tasks if t.data.get("assignment") == item]
        (task,) = tasks
        task.data.update(facts)
        task.run()
        self._settle()

    def send(self, message: str) -> None:
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(message), {}))
        self._settle()
