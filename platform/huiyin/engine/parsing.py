"""From a checked diagram to SpiffWorkflow specs of our own classes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.serializer.config import BpmnDataSpecificationConverter, EventDefinitionConverter
from SpiffWorkflow.bpmn.serializer.default import BpmnProcessSpecConverter
from SpiffWorkflow.bpmn.serializer.default import task_spec as bpmn_converters
from SpiffWorkflow.bpmn.serializer.helpers import DefaultRegistry
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec, control
from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import SpiffTaskParser
from SpiffWorkflow.spiff.serializer import task_spec as spiff_converters
from SpiffWorkflow.spiff.serializer.event_definition import MessageEventDefinitionConverter
from SpiffWorkflow.spiff.specs import defaults as spiff
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition

from huiyin.engine import joins, specs
from huiyin.engine.catalogue import finding
from huiyin.engine.errors import Refused


class TableTaskParser(SpiffTaskParser):  # type: ignore[misc]
    """Reads the table's id only; the table itself comes at run time."""

    def create_task(self) -> Any:
        table = self.get_decision_ref(self.node)
        return specs.BusinessRuleTask(self.spec, self.bpmn_id, table=table, **self.bpmn_attributes)

    @staticmethod
    def get_decision_ref(node: Any) -> Any:
        return SpiffTaskParser._parse_extensions(node).get("calledDecisionId")


class ServiceTaskParser(SpiffTaskParser):  # type: ignore[misc]
    """What is called, and how, is ours to know (the step's properties); the library's operators are not used."""

    def create_task(self) -> Any:
        return specs.ServiceTask(self.spec, self.bpmn_id, **self.bpmn_attributes)


class Parser(SpiffBpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("businessRuleTask"): (TableTaskParser, specs.BusinessRuleTask),
        full_tag("serviceTask"): (ServiceTaskParser, specs.ServiceTask),
    }


class BusinessRuleTaskConverter(spiff_converters.SpiffBpmnTaskConverter):  # type: ignore[misc]
    def to_dict(self, spec: Any) -> dict[str, Any]:
        return {**super().to_dict(spec), "table": spec.table}


# (what the parser makes, what runs, how it is converted). Nothing else can get into a compiled process:
# an unknown class stays unconverted and fails the id comparison in compiling.py.
SWAPS: tuple[tuple[type, type, type], ...] = (
    (control.BpmnStartTask, specs.StartTask, bpmn_converters.BpmnStartTaskConverter),
    (control.SimpleBpmnTask, specs.SimpleTask, bpmn_converters.BpmnTaskSpecConverter),
    (control._EndJoin, joins.EndJoin, bpmn_converters.BpmnTaskSpecConverter),
    (control.BoundaryEventSplit, specs.BoundarySplit, bpmn_converters.BpmnTaskSpecConverter),
    (control.BoundaryEventJoin, joins.BoundaryJoin, bpmn_converters.EventJoinConverter),
    (spiff.UserTask, specs.UserTask, spiff_converters.UserTaskConverter),
    (specs.ServiceTask, specs.ServiceTask, spiff_converters.SpiffBpmnTaskConverter),
    (spiff.ScriptTask, specs.ScriptTask, spiff_converters.ScriptTaskConverter),
    (specs.BusinessRuleTask, specs.BusinessRuleTask, BusinessRuleTaskConverter),
    (spiff.SubWorkflowTask, specs.SubWorkflowTask, spiff_converters.SubWorkflowTaskConverter),
    (
        spiff.ParallelMultiInstanceTask,
        specs.ParallelMultiInstanceTask,
        spiff_converters.SpiffMultiInstanceConverter,
    ),
    (stock.ExclusiveGateway, specs.ExclusiveGateway, bpmn_converters.ExclusiveGatewayConverter),
    (stock.ParallelGateway, joins.ParallelGateway, bpmn_converters.ParallelGatewayConverter),
    (stock.StartEvent, specs.StartEvent, bpmn_converters.EventConverter),
    (stock.EndEvent, specs.EndEvent, bpmn_converters.EventConverter),
    (stock.IntermediateThrowEvent, specs.ThrowEvent, bpmn_converters.EventConverter),
    (stock.BoundaryEvent, specs.BoundaryEvent, bpmn_converters.BoundaryEventConverter),
    (BpmnProcessSpec, BpmnProcessSpec, BpmnProcessSpecConverter),
    (NoneEventDefinition, NoneEventDefinition, EventDefinitionConverter),
    (TerminateEventDefinition, TerminateEventDefinition, EventDefinitionConverter),
    (MessageEventDefinition, MessageEventDefinition, MessageEventDefinitionConverter),
    (TaskDataReference, TaskDataReference, BpmnDataSpecificationConverter),
)


def _registry() -> DefaultRegistry:
    registry = DefaultRegistry()
    for parsed, ours, converter in SWAPS:
        converter(ours, registry, typename=ours.__name__)
        registry.typenames[parsed] = ours.__name__
    return registry


class _DeepEnough:
    """The library parses a chain of nodes by recursion, four frames a node; 200 nodes pass Python's limit."""

    limit = 5_000

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.before = 0

    def __enter__(self) -> None:
        self.lock.acquire()
        self.before = sys.getrecursionlimit()
        sys.setrecursionlimit(max(self.before, self.limit))

    def __exit__(self, *_: object) -> None:
        sys.setrecursionlimit(self.before)
        self.lock.release()


_deep_enough = _DeepEnough()


def parse_specs(tree: Any, process_id: str) -> tuple[Any, Mapping[str, Any]]:
    """
    The top-level spec and those of the sub-processes by id, ready to be shared by many cases.

    The round through to_dict and from_dict swaps in our classes and is needed anyway: only from_dict connects
    a multi-instance with its instances for every case that shares the spec.

    :raises Refused: if the library cannot read it after all
    """
    try:
        with _deep_enough:
            parser = Parser()
            parser.add_bpmn_xml(tree)
            top = parser.get_spec(process_id)
            inner = parser.get_subprocess_specs(process_id)
    except SpiffWorkflowException as error:
        raise Refused([finding("unreadable", "", reason=str(error)[:300])]) from error
    registry = _registry()
    for spec in (top, *inner.values()):
        for task_spec in spec.task_specs.values():
            task_spec.extensions = {}  # read by diagram.py; here a key `typename` would confuse from_dict
    return (
        registry.restore(registry.convert(top)),
        {name: registry.restore(registry.convert(spec)) for name, spec in inner.items()},
    )
