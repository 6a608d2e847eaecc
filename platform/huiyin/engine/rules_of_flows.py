"""What the flows of one scope must and must not do, each by itself; their interplay is in soundness.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Node, Scope
from huiyin.engine.errors import BadExpression, Finding
from huiyin.engine.grammar import parse_expression
from huiyin.engine.values import Flow

GATEWAYS = ("exclusiveGateway", "parallelGateway")


def findings(scope: Scope) -> Iterator[Finding]:
    """Findings about the flows of one scope."""
    pairs = Counter((flow.source, flow.target) for flow in scope.flows.values())
    for flow in scope.flows.values():
        if flow.source not in scope.nodes or flow.target not in scope.nodes:
            yield finding("dangling-flow", flow.id)
            continue
        if pairs[flow.source, flow.target] > 1:
            yield finding("flow-twice", flow.id, source=flow.source, target=flow.target)
        if flow.source == flow.target:
            yield finding("self-flow", flow.id)
        yield from _condition(flow, scope.nodes[flow.source])
    for node in scope.nodes.values():
        yield from _ways(node)


def _condition(flow: Flow, source: Node) -> Iterator[Finding]:
    if source.step.kind != "exclusiveGateway":
        if flow.condition is not None:
            yield finding("condition-elsewhere", flow.id)
        return
    if flow.condition is None:
        if not flow.default and len(source.outgoing) > 1:
            yield finding("condition-missing", flow.id)
    elif flow.default:
        yield finding("condition-on-default", flow.id)
    elif len(source.outgoing) == 1:
        yield finding("condition-single", flow.id)
    else:
        yield from bad_expression(flow.id, flow.condition)


def bad_expression(element: str, text: str) -> Iterator[Finding]:
    """A finding if the text is no permitted expression."""
    try:
        parse_expression(text)
    except BadExpression as error:
        yield finding("bad-expression", element, text=text[:80], reason=str(error))


def _ways(node: Node) -> Iterator[Finding]:
    kind, out = node.step.kind, len(node.outgoing)
    if kind in ("startEvent", "boundaryEvent") and node.incoming:
        yield finding("into-start", node.step.id)
    if kind == "endEvent":
        if out:
            yield finding("out-of-end", node.step.id)
        return
    if out == 0:
        yield finding("no-outgoing", node.step.id)
    if out > 1 and kind not in GATEWAYS:
        yield finding("many-outgoing", node.step.id, kind=kind, count=out)
    default = node.element.get("default")
    if default is not None and default not in {flow.id for flow in node.outgoing}:
        yield finding("default-elsewhere", node.step.id)
