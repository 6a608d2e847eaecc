"""What each kind of node must and must not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huiyin.engine import xml
from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Node, Scope, first
from huiyin.engine.errors import BadExpression, Finding
from huiyin.engine.facts import is_name
from huiyin.engine.grammar import parse_script

NEEDS = {"userTask": ("form", "address"), "serviceTask": ("connector",)}
PROPERTIES = {
    "startEvent": ("form", "stage", "starts"),
    "userTask": (
        "form",
        "address",
        "rule",
        "stage",
        "starts",
        "meets",
        "after_close",
        "restricts",
        "recall_until",
    ),
    "serviceTask": ("connector", "to", "looks_up", "result", "stage"),
    "scriptTask": ("starts", "meets"),
    "endEvent": ("outcome",),
}
MESSAGE_NAME = re.compile(r"[\w.\-]{1,100}")
# Ids under which SpiffWorkflow keeps its own tasks: a user task called End would end the case.
RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")


def findings(scope: Scope) -> Iterator[Finding]:
    """Findings about the nodes of one scope, each by itself."""
    kinds = [node.step.kind for node in scope.nodes.values()]
    if kinds.count("startEvent") != 1:
        yield finding("one-start", scope.id, count=kinds.count("startEvent"))
    if "endEvent" not in kinds:
        yield finding("no-end", scope.id)
    if is_reserved(scope.id):
        yield finding("reserved-id", scope.id, id=scope.id)
    for node in scope.nodes.values():
        if is_reserved(node.step.id) and node.step.kind != "subProcess":
            yield finding("reserved-id", node.step.id, id=node.step.id)
        yield from _properties(node)
        match node.step.kind:
            case "scriptTask":
                yield from _script(node)
            case "businessRuleTask" if not node.step.table:
                yield finding("no-table", node.step.id)
            case "subProcess":
                yield from _loop(node)
            case "boundaryEvent":
                yield from _boundary(node, scope)


def is_reserved(name: str) -> bool:
    return name in RESERVED or name.endswith(RESERVED_ENDINGS)


def _properties(node: Node) -> Iterator[Finding]:
    step = node.step
    allowed = PROPERTIES.get(step.kind, ())
    for name in step.props:
        if name not in allowed:
            yield finding("unknown-property", step.id, name=name, allowed=", ".join(allowed) or "-")
    for name in NEEDS.get(step.kind, ()):
        if not step.props.get(name, "").strip():
            yield finding("missing-property", step.id, name=name)
    if "result" in step.props and not is_name(step.props["result"]):
        yield finding("fact-name", step.id, name=step.props["result"])
    if step.kind == "endEvent" and step.parent is None and not step.props.get("outcome", "").strip():
        yield finding("no-outcome", step.id)


def _script(node: Node) -> Iterator[Finding]:
    try:
        parse_script(node.step.script or "")
    except BadExpression as error:
        yield finding("bad-script", node.step.id, reason=str(error))


def _loop(node: Node) -> Iterator[Finding]:
    if first(node.element, "multiInstanceLoopCharacteristics") is None:
        return
    collection, item = node.step.collection, node.step.item
    if not collection or not item or collection == item:
        yield finding("loop-data", node.step.id, found=f"{collection}, {item}")
        return
    for name in (collection, item):
        if not is_name(name):
            yield finding("fact-name", node.step.id, name=name)


def _boundary(node: Node, scope: Scope) -> Iterator[Finding]:
    step = node.step
    host = scope.nodes.get(step.attached_to or "")
    if host is None or host.step.kind not in ("userTask", "subProcess"):
        yield finding("boundary-host", step.id)
    definitions = [c for c in node.element if xml.local(c).endswith("EventDefinition")]
    if len(definitions) > 1:
        yield finding("several-events", step.id)
    if not step.message:
        yield finding("no-message", step.id)
    elif not MESSAGE_NAME.fullmatch(step.message):
        yield finding("message-name", step.id, name=step.message[:100])
    twins = [
        n.step.id
        for n in scope.nodes.values()
        if n.step.attached_to == step.attached_to and n.step.message == step.message
    ]
    if len(twins) > 1 and twins[0] != step.id:
        yield finding("message-twice", step.id, name=step.message)
