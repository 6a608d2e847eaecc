"""
Which elements and attributes a diagram may hold: a list of what is understood, everything else is refused.

SpiffWorkflow passes through much that it does not know (link events, compensation, conditions on tasks) as if
it were not there; so nothing reaches it that is not on these lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.engine import xml
from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import FLOW_NODES, extensions
from huiyin.engine.errors import Finding

_NODE = frozenset({"documentation", "extensionElements", "incoming", "outgoing"})
DRAWING = frozenset({"laneSet", "textAnnotation", "association", "group", "documentation"})
_CONTAINER = FLOW_NODES | DRAWING | {"sequenceFlow"}
CHILDREN: Mapping[str, frozenset[str]] = {
    "definitions": frozenset({"process", "message", "collaboration", "category", "documentation"}),
    "process": _CONTAINER,
    "subProcess": _CONTAINER | _NODE | {"multiInstanceLoopCharacteristics"},
    "startEvent": _NODE,
    "endEvent": _NODE | {"terminateEventDefinition"},
    "userTask": _NODE,
    "serviceTask": _NODE,
    "scriptTask": _NODE | {"script"},
    "businessRuleTask": _NODE,
    "exclusiveGateway": _NODE,
    "parallelGateway": _NODE,
    "boundaryEvent": _NODE | {"messageEventDefinition"},
    "intermediateThrowEvent": _NODE,
    "sequenceFlow": frozenset({"documentation", "conditionExpression"}),
    "multiInstanceLoopCharacteristics": frozenset({"loopDataInputRef", "inputDataItem"}),
    "collaboration": frozenset({"participant", "documentation"}),
    "participant": frozenset({"documentation"}),
}
# Attributes besides id and name; a set lists the values that change nothing, None permits any value.
ATTRIBUTES: Mapping[str, Mapping[str, frozenset[str] | None]] = {
    "process": {"isExecutable": None, "isClosed": None, "processType": None},
    "subProcess": {"triggeredByEvent": frozenset({"false"})},
    "startEvent": {"isInterrupting": frozenset({"true"}), "parallelMultiple": frozenset({"false"})},
    "userTask": {"implementation": frozenset({"##unspecified"})},
    "serviceTask": {"implementation": frozenset({"##unspecified", "##WebService"})},
    "scriptTask": {"scriptFormat": None},
    "businessRuleTask": {"implementation": frozenset({"##unspecified"})},
    "exclusiveGateway": {"default": None, "gatewayDirection": None},
    "parallelGateway": {"gatewayDirection": None},
    "boundaryEvent": {
        "attachedToRef": None,
        "cancelActivity": frozenset({"true"}),
        "parallelMultiple": frozenset({"false"}),
    },
    "sequenceFlow": {"sourceRef": None, "targetRef": None},
    "conditionExpression": {"{http://www.w3.org/2001/XMLSchema-instance}type": None},
    "messageEventDefinition": {"messageRef": None},
    "multiInstanceLoopCharacteristics": {
        "isSequential": frozenset({"false"}),
        "behavior": frozenset({"All"}),
    },
    "participant": {"processRef": None},
    "message": {},
}
_ACTIVITY: Mapping[str, frozenset[str] | None] = {
    "isForCompensation": frozenset({"false"}),
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
}
_CONTAINERS = frozenset({"definitions", "process", "subProcess", "collaboration"})
_ACTIVITIES = frozenset({"userTask", "serviceTask", "scriptTask", "businessRuleTask", "subProcess"})
# Elements and attributes that deserve their own words.
ELEMENT_CODES: Mapping[str, str] = {
    "inclusiveGateway": "inclusive-gateway",
    "complexGateway": "complex-gateway",
    "eventBasedGateway": "event-gateway",
    "manualTask": "manual-task",
    "task": "plain-task",
    "sendTask": "send-receive-task",
    "receiveTask": "send-receive-task",
    "globalUserTask": "call-activity",
    "transaction": "transaction",
    "adHocSubProcess": "ad-hoc",
    "intermediateCatchEvent": "intermediate-catch",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error-event",
    "escalationEventDefinition": "escalation",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensation",
    "conditionalEventDefinition": "conditional-event",
    "cancelEventDefinition": "cancel-event",
    "messageEventDefinition": "message-elsewhere",
    "standardLoopCharacteristics": "standard-loop",
    "multiInstanceLoopCharacteristics": "loop-host",
    "ioSpecification": "data-element",
    "dataObject": "data-element",
    "dataObjectReference": "data-element",
    "dataStoreReference": "data-element",
    "dataInputAssociation": "data-element",
    "dataOutputAssociation": "data-element",
    "property": "data-element",
    "messageFlow": "several-pools",
}
ATTRIBUTE_CODES: Mapping[tuple[str, str], str] = {
    ("subProcess", "triggeredByEvent"): "event-subprocess",
    ("boundaryEvent", "cancelActivity"): "non-interrupting",
    ("multiInstanceLoopCharacteristics", "isSequential"): "sequential-loop",
}


def findings(root: Any) -> Iterator[Finding]:
    """Every element and attribute of the file that is not on the lists."""
    for child in root:
        if xml.namespace_of(child) == xml.BPMN:
            yield from _foreign(child, "definitions", "")


def _foreign(element: Any, parent: str, where: str) -> Iterator[Finding]:
    name = xml.local(element)
    if (parent in _CONTAINERS and not name.endswith("Characteristics")) or not where:
        where = element.get("id", "")  # below a node its own id is what a person finds on the drawing
    if xml.namespace_of(element) != xml.BPMN or name not in CHILDREN[parent]:
        yield _refusal(name, parent, where)
        return
    if name in DRAWING or name in ("category", "incoming", "outgoing"):
        return
    if name == "extensionElements":
        yield from _extensions(element, parent, where)
        return
    yield from _attributes(element, name, where)
    for child in element:
        if name in CHILDREN:
            yield from _foreign(child, name, where)
        else:
            yield finding("unknown-element", where, kind=xml.local(child))


def _refusal(name: str, parent: str, where: str) -> Finding:
    if parent == "multiInstanceLoopCharacteristics":  # only its children may be refused for themselves
        return finding("loop-data", where, found=name)
    return finding(ELEMENT_CODES.get(name, "unknown-element"), where, kind=name)


def _attributes(element: Any, name: str, where: str) -> Iterator[Finding]:
    known = {**ATTRIBUTES.get(name, {}), **(_ACTIVITY if name in _ACTIVITIES else {})}
    for attribute, value in element.attrib.items():
        if attribute in ("id", "name"):
            continue
        harmless = known.get(attribute, frozenset())
        if harmless is not None and value not in harmless:
            code = ATTRIBUTE_CODES.get((name, attribute), "unknown-attribute")
            yield finding(code, where, name=attribute)


def _extensions(element: Any, parent: str, where: str) -> Iterator[Finding]:
    for child in extensions(element.getparent()):
        name = child.tag
        table = parent == "businessRuleTask" and name == f"{{{xml.SPIFF}}}calledDecisionId"
        if name == f"{{{xml.SPIFF}}}properties":
            names = Counter(prop.get("name", "") for prop in child)
            for twice in (name for name, count in names.items() if count > 1):
                yield finding("property-twice", where, name=twice)
        elif not table or len(child):
            yield finding("unknown-extension", where, kind=xml.local(child))
    if len([1 for child in element.getparent() if child.tag == element.tag]) > 1:
        yield finding("unknown-element", where, kind="extensionElements")
