"""What a BPMN file says, as plain values: read once, linted, then given to SpiffWorkflow."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from huiyin.engine import nets, xml
from huiyin.engine.values import Flow, Step

FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "userTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "exclusiveGateway",
        "parallelGateway",
        "subProcess",
        "boundaryEvent",
        "intermediateThrowEvent",
    }
)


@dataclass(frozen=True)
class Node(nets.Node):
    """A step with its flows and its XML element."""

    element: Any


@dataclass(frozen=True)
class Scope:
    """The process or one embedded sub-process: its own nodes and flows, not those of inner ones."""

    id: str
    element: Any
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]


@dataclass(frozen=True)
class Diagram:
    """The whole file."""

    root: Any
    process_id: str
    name: str
    scopes: tuple[Scope, ...]

    @property
    def nodes(self) -> Iterator[Node]:
        for scope in self.scopes:
            yield from scope.nodes.values()

    @property
    def steps(self) -> dict[str, Step]:
        return {node.step.id: node.step for node in self.nodes}

    @property
    def flows(self) -> dict[str, Flow]:
        return {flow.id: flow for scope in self.scopes for flow in scope.flows.values()}


def read(root: Any, process: Any) -> Diagram:
    """Read the one process; elements outside the subset are left out here and refused by the lint."""
    messages = {e.get("id"): e.get("name") or "" for e in root if xml.local(e) == "message"}
    scopes = tuple(_scopes(process, None, messages))
    return Diagram(root, process.get("id", ""), process.get("name", ""), scopes)


def _scopes(element: Any, parent: str | None, messages: Mapping[str, str]) -> Iterator[Scope]:
    flows = {flow.id: flow for flow in _flows(element)}
    into, out_of = defaultdict(list), defaultdict(list)
    for flow in flows.values():
        into[flow.target].append(flow)
        out_of[flow.source].append(flow)
    nodes = {}
    inner = []
    for child in element:
        kind = xml.local(child)
        if kind not in FLOW_NODES or child.get("id") is None:
            continue
        step = _step(child, kind, parent, messages)
        nodes[step.id] = Node(
            step,
            tuple(into[step.id]),
            tuple(out_of[step.id]),
            child,
        )
        if kind == "subProcess":
            inner.append((child, step.id))
    yield Scope(element.get("id", ""), element, nodes, flows)
    for child, name in inner:
        yield from _scopes(child, name, messages)


def _flows(element: Any) -> Iterator[Flow]:
    defaults = {child.get("default") for child in element if child.get("default")}
    for child in element:
        if xml.local(child) == "sequenceFlow" and child.get("id") is not None:
            condition = first(child, "conditionExpression")
            yield Flow(
                child.get("id"),
                child.get("sourceRef", ""),
                child.get("targetRef", ""),
                child.get("name", ""),
                None if condition is None else (condition.text or ""),
                child.get("id") in defaults,
            )


def _step(element: Any, kind: str, parent: str | None, messages: Mapping[str, str]) -> Step:
    definition = first(element, "messageEventDefinition")
    loop = first(element, "multiInstanceLoopCharacteristics")
    collection = first(loop, "loopDataInputRef")
    item = first(loop, "inputDataItem")
    return Step(
        id=element.get("id"),
        kind=kind,
        name=element.get("name", ""),
        props=MappingProxyType(properties(element)),
        parent=parent,
        message=None if definition is None else messages.get(definition.get("messageRef"), ""),
        attached_to=element.get("attachedToRef"),
        table=_table(element) if kind == "businessRuleTask" else None,
        collection=None if collection is None else (collection.text or "").strip(),
        item=None if item is None else item.get("id", ""),
        terminates=first(element, "terminateEventDefinition") is not None,
        script=_script(element) if kind == "scriptTask" else None,
    )


def first(element: Any, name: str) -> Any:
    """The first child of this BPMN name, or None."""
    if element is None:
        return None
    return next((child for child in element if child.tag == f"{{{xml.BPMN}}}{name}"), None)


def extensions(element: Any) -> list[Any]:
    holder = first(element, "extensionElements")
    return [] if holder is None else list(holder)


def properties(element: Any) -> dict[str, str]:
    """The spiffworkflow:properties of a node."""
    return {
        prop.get("name", ""): prop.get("value", "")
        for child in extensions(element)
        if child.tag == f"{{{xml.SPIFF}}}properties"
        for prop in child
    }


def _script(element: Any) -> str:
    found = first(element, "script")
    return "" if found is None else found.text or ""


def _table(element: Any) -> str:
    tags = [child for child in extensions(element) if child.tag == f"{{{xml.SPIFF}}}calledDecisionId"]
    return (tags[0].text or "").strip() if tags else ""


def without_drawing(root: Any, drawn: Collection[str]) -> Any:
    """
    A copy for SpiffWorkflow without shapes, pools and the elements `drawn` that mean nothing to a run.

    It orders a gateway's conditions by the height of the shapes behind them: moving a box would change what
    the diagram does. Without shapes the order is that of the flows in the file.
    """
    twin = copy.deepcopy(root)
    for element in list(twin):
        if xml.local(element) not in ("process", "message"):
            twin.remove(element)
    for element in list(twin.iter()):
        if xml.local(element) in drawn and xml.namespace_of(element) == xml.BPMN:
            element.getparent().remove(element)
    return twin
