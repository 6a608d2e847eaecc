"""All findings about a diagram, cheapest checks first; and the last check, that the library read the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.engine import allowed, loops, rules_of_flows, rules_of_nodes, soundness, xml
from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Diagram, Node
from huiyin.engine.errors import Finding, Refused
from huiyin.engine.playing import MAX_STATES, Limit

MAX_NODES = 200
MAX_FINDINGS = 1_000  # of a file made to be slow; a diagram drawn by people has a handful


def findings(drawing: Diagram, states: int = MAX_STATES) -> list[Finding]:
    """Everything that keeps a diagram from being published; `states`: how many are looked at."""
    found = structure(drawing)
    if not found:
        # Only a diagram in order has a meaningful token game.
        limit = Limit(states)
        found = [f for scope in drawing.scopes for f in soundness.findings(scope.id, scope.nodes, limit)]
        found += loops.findings(drawing.steps, drawing.flows)
    return list(dict.fromkeys(found))[:MAX_FINDINGS]


def structure(drawing: Diagram) -> list[Finding]:
    """What the engine would not run as drawn: elements outside the subset, nodes and flows that are not in order."""
    whole = list(_whole(drawing))
    if any(finding.code == "too-many-nodes" for finding in whole):
        return whole  # nothing else is looked at: a stranger's file must not take long
    return [
        *whole,
        *allowed.findings(drawing.root),
        *(f for scope in drawing.scopes for f in rules_of_nodes.findings(scope)),
        *(f for scope in drawing.scopes for f in rules_of_flows.findings(scope)),
    ]


def _whole(drawing: Diagram) -> Iterator[Finding]:
    count = sum(len(scope.nodes) for scope in drawing.scopes)
    if count > MAX_NODES:
        yield finding("too-many-nodes", drawing.process_id, count=count, limit=MAX_NODES)
    if drawing.scopes[0].element.get("isExecutable", "true") not in ("true", "1"):
        yield finding("not-executable", drawing.process_id)
    if not drawing.process_id:
        yield finding("reserved-id", "", id="")
    pools = [e for e in drawing.root.iter() if xml.local(e) == "participant"]
    if len(pools) > 1 or any(xml.local_name(pool.get("processRef")) != drawing.process_id for pool in pools):
        yield finding("several-pools", pools[-1].get("id", ""))


# What each kind of step must have become.
CLASSES: Mapping[str, str] = {
    "startEvent": "StartEvent",
    "endEvent": "EndEvent",
    "userTask": "UserTask",
    "serviceTask": "ServiceTask",
    "scriptTask": "ScriptTask",
    "businessRuleTask": "BusinessRuleTask",
    "exclusiveGateway": "ExclusiveGateway",
    "parallelGateway": "ParallelGateway",
    "subProcess": "SubWorkflowTask",
    "boundaryEvent": "BoundaryEvent",
    "intermediateThrowEvent": "ThrowEvent",
}
OURS = "huiyin.engine."


def compare(drawing: Diagram, top: Any, inner: Mapping[str, Any]) -> None:
    """
    Whether the specs that will run hold exactly the drawing's nodes, as classes of ours, and its flows.

    :raises Refused: naming each node that was lost or turned into something else
    """
    lost: dict[str, None] = {}
    for scope in drawing.scopes:
        spec = top if scope.id == drawing.process_id else inner.get(scope.id)
        specs = {} if spec is None else spec.task_specs
        lost.update((name, None) for name, node in scope.nodes.items() if not _same(node, specs.get(name)))
        for found in specs.values():
            drawn = found.bpmn_id is None or found.bpmn_id in scope.nodes
            if not drawn or not type(found).__module__.startswith(OURS):
                lost[found.name] = None
    if lost:
        raise Refused([finding("id-lost", name, id=name) for name in lost])


def _same(node: Node, spec: Any) -> bool:
    wanted = "ParallelMultiInstanceTask" if node.step.collection else CLASSES[node.step.kind]
    targets = {flow.target for flow in node.outgoing}
    return type(spec).__name__ == wanted and spec.bpmn_id == node.step.id and _targets(spec) == targets


def _targets(spec: Any) -> set[str]:
    """The nodes that a spec's flows lead to; the library's own tasks between them are left out."""
    names = {out.removesuffix(".BoundaryEventSplit") for out in spec._outputs}
    return {name for name in names if not name.endswith((".BoundaryEventJoin", ".EndJoin"))}
