"""Which steps can be the last before others: a way is followed back through everything that is not asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from huiyin.engine import nets
from huiyin.engine.nets import Node
from huiyin.engine.values import Flow, Step


def last_before(
    steps: Mapping[str, Step], flows: Mapping[str, Flow], targets: Collection[str], asked: Collection[str]
) -> set[str]:
    """Those of `asked` from which a way leads to a target without another of them on it."""
    scopes = nets.scopes(steps, flows)
    nodes = {name: node for scope in scopes.values() for name, node in scope.items()}
    ends = {
        str(parent): [name for name, node in scope.items() if node.step.kind == "endEvent"]
        for parent, scope in scopes.items()
    }
    found, seen, pending = set[str](), set(targets), list(targets)
    while pending:
        for name in _before(nodes, ends, pending.pop()):
            if name in asked:
                found.add(name)
            elif name not in seen:
                seen.add(name)
                pending.append(name)
    return found


def _before(nodes: Mapping[str, Node], ends: Mapping[str, list[str]], name: str) -> Iterator[str]:
    step = nodes[name].step
    if step.attached_to is not None:
        yield step.attached_to
    if step.kind == "startEvent" and step.parent is not None:
        yield from _before(nodes, ends, step.parent)
    for flow in nodes[name].incoming:
        source = nodes[flow.source].step
        if source.kind != "subProcess":
            yield flow.source
            continue
        yield from ends[flow.source]
        if source.collection is not None:  # of no instances
            yield from _before(nodes, ends, flow.source)
