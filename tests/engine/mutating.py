"""Damage a diagram by chance, as a careless hand, a broken tool or a stranger would."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from lxml import etree

from huiyin.engine import xml

GARBAGE = [
    "",
    " ",
    "x",
    "满意",
    "-1",
    "true",
    "false",
    "null",
    "a b",
    "../../etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1:9/x",
    "__import__('os').system('true')",
    "x" * 3_000,
    "\u202e",
    "{path}",
    "%s%s%s",
    "${jndi:ldap://127.0.0.1/a}",
    "unit(lead)",
    "round + 1",
    "n == 1 and (p or q)",
    "End",
    "Root",
]
KINDS = [
    "userTask",
    "task",
    "manualTask",
    "scriptTask",
    "businessRuleTask",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "startEvent",
    "endEvent",
    "intermediateThrowEvent",
    "subProcess",
    "transaction",
    "callActivity",
    "boundaryEvent",
]
NODES = frozenset(KINDS)


def mutated(source: bytes, draw: random.Random) -> bytes:
    """The diagram with one to three random damages."""
    for _ in range(draw.choice([1, 1, 1, 1, 1, 1, 2, 3])):
        damage = draw.choice(BYTES if draw.random() < 0.12 else TREE)
        try:
            source = damage(source, draw)
        except (etree.XMLSyntaxError, IndexError):
            return source  # nothing is left that could be damaged in this way
    return source


def _on_tree(change: Callable[[Any, random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    def damage(source: bytes, draw: random.Random) -> bytes:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True))
        change(root, draw)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    return damage


def _elements(root: Any) -> list[Any]:
    """Every BPMN element and property; of the shapes only the process counts."""
    return [e for e in root.iter() if isinstance(e.tag, str) and xml.namespace_of(e) in (xml.BPMN, xml.SPIFF)]


def _of(root: Any, *kinds: str) -> list[Any]:
    return [element for element in _elements(root) if xml.local(element) in kinds]


def _delete(root: Any, draw: random.Random) -> None:
    element = draw.choice(_elements(root)[1:])
    element.getparent().remove(element)


def _delete_with_flows(root: Any, draw: random.Random) -> None:
    """A step goes, and the flows that led to it go on to where it led."""
    node = draw.choice(
        _of(root, "userTask", "scriptTask", "exclusiveGateway", "parallelGateway", "businessRuleTask")
    )
    flows = _of(root, "sequenceFlow")
    into = [flow for flow in flows if flow.get("targetRef") == node.get("id")]
    out = [flow for flow in flows if flow.get("sourceRef") == node.get("id")]
    for flow in into:
        flow.set("targetRef", out[0].get("targetRef", "") if out else "")
    for flow in out:
        flow.getparent().remove(flow)
    node.getparent().remove(node)


def _double(root: Any, draw: random.Random) -> None:
    element = draw.choice(_elements(root)[1:])
    twin = copy.deepcopy(element)
    if draw.random() < 0.8:
        for one in twin.iter():
            if isinstance(one.tag, str) and one.get("id"):
                one.set("id", one.get("id") + "_twin")
    element.getparent().append(twin)


def _rename(root: Any, draw: random.Random) -> None:
    named = [element for element in _elements(root) if element.get("id")]
    one, other = draw.choice(named), draw.choice(named)
    one.set("id", draw.choice([*GARBAGE, other.get("id")]))


def _rewire(root: Any, draw: random.Random) -> None:
    """A flow begins or ends elsewhere in its scope."""
    flow = draw.choice(_of(root, "sequenceFlow"))
    near = [e.get("id", "") for e in flow.getparent() if isinstance(e.tag, str) and xml.local(e) in NODES]
    far = [e.get("id", "") for e in _of(root, *NODES)]
    flow.set(draw.choice(["sourceRef", "targetRef"]), draw.choice(near if draw.random() < 0.85 else far))


def _retarget(root: Any, draw: random.Random) -> None:
    """A reference names something else."""
    names = ("attachedToRef", "messageRef", "default", "calledElement", "processRef")
    found = [(element, name) for element in _elements(root) for name in names if element.get(name)]
    ids = [element.get("id") for element in _elements(root) if element.get("id")]
    if found:
        element, name = draw.choice(found)
        element.set(name, draw.choice([*ids, *GARBAGE]))


def _change_kind(root: Any, draw: random.Random) -> None:
    gateways = _of(root, "exclusiveGateway", "parallelGateway")
    if gateways and draw.random() < 0.6:
        element = draw.choice(gateways)
        other = "parallelGateway" if xml.local(element) == "exclusiveGateway" else "exclusiveGateway"
        if other == "parallelGateway":
            _plain(root, element)
    else:
        element, other = draw.choice(_of(root, *NODES)), draw.choice(KINDS)
    element.tag = f"{{{xml.BPMN}}}{other}"


def _plain(root: Any, gateway: Any) -> None:
    """A parallel gateway has neither default nor conditions."""
    gateway.attrib.pop("default", None)
    for flow in _of(root, "sequenceFlow"):
        if flow.get("sourceRef") == gateway.get("id"):
            for condition in list(flow):
                flow.remove(condition)


def _terminate(root: Any, draw: random.Random) -> None:
    end = draw.choice(_of(root, "endEvent"))
    found = [child for child in end if xml.local(child) == "terminateEventDefinition"]
    if found:
        end.remove(found[0])
    else:
        end.append(end.makeelement(f"{{{xml.BPMN}}}terminateEventDefinition", {}))


def _attribute(root: Any, draw: random.Random) -> None:
    element = draw.choice(_elements(root))
    names = [
        *element.attrib,
        "name",
        "isExecutable",
        "cancelActivity",
        "isSequential",
        "triggeredByEvent",
        "x",
    ]
    name = draw.choice(names)
    if name in element.attrib and draw.random() < 0.3:
        del element.attrib[name]
    else:
        element.set(name, draw.choice(GARBAGE))


def _text(root: Any, draw: random.Random) -> None:
    kinds = ("conditionExpression", "script", "loopDataInputRef", "calledDecisionId", "documentation")
    found = _of(root, *kinds) if draw.random() < 0.8 else _elements(root)
    if found:
        draw.choice(found).text = draw.choice(GARBAGE)


def _property(root: Any, draw: random.Random) -> None:
    found = _of(root, "property")
    if found:
        draw.choice(found).set(draw.choice(["name", "value"]), draw.choice(GARBAGE))


def _move(root: Any, draw: random.Random) -> None:
    """An element goes into another."""
    elements = _elements(root)[1:]
    one, other = draw.choice(elements), draw.choice(elements)
    if one not in other.iterancestors() and one is not other:
        other.append(one)


def _cut(source: bytes, draw: random.Random) -> bytes:
    return source[: draw.randrange(len(source))]


def _flip(source: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(source))
    return source[:at] + bytes([draw.randrange(256)]) + source[at + 1 :]


def _repeat(source: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(source))
    piece = source[at : at + draw.randrange(1, 400)]
    return source[:at] + piece * draw.choice([2, 3, 50]) + source[at:]


def _doctype(source: bytes, draw: random.Random) -> bytes:
    entity = b'<!DOCTYPE definitions [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return source.replace(b"<definitions", entity + b"<definitions", 1)


def _nest(source: bytes, draw: random.Random) -> bytes:
    depth = draw.choice([10, 300, 5_000])
    return source.replace(b"<userTask", b"<subProcess>" * depth + b"<userTask", 1)


TREE = [
    _on_tree(change)
    for change in (
        _delete,
        _delete_with_flows,
        _delete_with_flows,
        _double,
        _rename,
        _rewire,
        _rewire,
        _rewire,
        _rewire,
        _retarget,
        _change_kind,
        _change_kind,
        _terminate,
        _terminate,
        _attribute,
        _text,
        _property,
        _move,
    )
]
BYTES = [_cut, _flip, _repeat, _doctype, _nest]
