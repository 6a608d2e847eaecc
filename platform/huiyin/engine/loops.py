"""
Prove that every loop passes a person or is counted.

A step that waits stops the engine until a person or a message comes; a loop of automatic steps alone would run within
one request. Such a loop is allowed if a fact counts it: a script sets the fact to a number before the loop, a script in
the loop changes it, and a gateway's condition reads it. Then its values are followed, and only they: where nothing
is known about a condition both ways are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from huiyin.engine import labels, nets
from huiyin.engine.catalogue import finding
from huiyin.engine.counting import Counted, Facts, after_script, names_assigned, names_read, ways_out
from huiyin.engine.errors import Finding
from huiyin.engine.nets import Node
from huiyin.engine.values import Flow, Step

MAX_STEPS = 970  # of one counted loop; the engine does 1,000 at one go, and some stand around the loop
MAX_VALUES = (
    10_000  # steps with what is known there; people may let a counter grow before the loop without bound
)
ROUND = "round"  # the platform sets it to 1 at the start, and no form may set it
Graph = Mapping[str, Iterable[str]]
Scopes = Mapping[str | None, Mapping[str, Node]]


def findings(steps: Mapping[str, Step], flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """Findings about loops that nothing stops."""
    scopes = nets.scopes(steps, flows)
    resting = _resting(scopes)
    for nodes in scopes.values():
        graph = {
            name: [flow.target for flow in node.outgoing]
            for name, node in nodes.items()
            if name not in resting
        }
        for ring in rings(graph):
            yield from _uncounted(scopes, nodes, resting, ring)


def _resting(scopes: Scopes) -> set[str]:
    """The steps at which the engine surely stops: tasks, boundary events, sub-processes with no way around a task."""
    found: set[str] = set()
    for nodes in scopes.values():
        found |= {name for name, node in nodes.items() if node.step.kind in ("userTask", "boundaryEvent")}
    grown = True
    while grown:
        before = len(found)
        for parent, nodes in scopes.items():
            # A multi-instance over an empty list passes nobody.
            if parent is not None and not _is_multiple(scopes, parent) and not _has_way_through(nodes, found):
                found.add(parent)
        grown = len(found) > before
    return found


def _is_multiple(scopes: Scopes, name: str) -> bool:
    return any(name in nodes and nodes[name].step.collection is not None for nodes in scopes.values())


def _has_way_through(nodes: Mapping[str, Node], resting: set[str]) -> bool:
    """Whether a scope's end can be reached from its start without a step that rests."""
    pending = [name for name, node in nodes.items() if node.step.kind == "startEvent"]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen or name in resting:
            continue
        if nodes[name].step.kind == "endEvent":
            return True
        seen.add(name)
        pending += [flow.target for flow in nodes[name].outgoing]
    return False


def rings(graph: Graph) -> Iterator[list[str]]:
    """The parts of a graph in which everything leads back to itself, each with at least one edge."""
    reach = {name: _reach(graph, name) for name in graph}
    told: set[str] = set()
    for name in graph:
        if name in reach[name] and name not in told:
            ring = [other for other in graph if other in reach[name] and name in reach[other]]
            told |= set(ring)
            yield ring


def _reach(graph: Graph, name: str) -> set[str]:
    found: set[str] = set()
    pending = list(graph[name])
    while pending:
        one = pending.pop()
        if one in graph and one not in found:
            found.add(one)
            pending += graph[one]
    return found


def _uncounted(
    scopes: Scopes, nodes: Mapping[str, Node], resting: set[str], ring: list[str]
) -> Iterator[Finding]:
    """A finding if a ring of automatic steps can go on without end."""
    names = {fact for name in ring for fact in names_assigned(nodes[name].step)}
    names &= {fact for name in ring for flow in nodes[name].outgoing for fact in names_read(flow)}
    walk = _Walk(scopes, nodes, resting, frozenset(names))
    if walk.goes_on(set(ring)):
        yield finding("endless-loop", ring[0], path=labels.told(nodes, _around(nodes, ring)))


def _around(nodes: Mapping[str, Node], ring: list[str]) -> list[str]:
    """The nodes of a ring in the order in which a token passes them."""
    way, name = [ring[0]], ring[0]
    for _ in ring:
        name = next((f.target for f in nodes[name].outgoing if f.target in ring and f.target not in way), "")
        if not name:
            break
        way.append(name)
    return [*way, ring[0]]


class _Walk:
    """Follow the values of a loop's counters through one scope."""

    def __init__(
        self, scopes: Scopes, nodes: Mapping[str, Node], resting: set[str], names: frozenset[str]
    ) -> None:
        self.scopes, self.nodes, self.resting, self.names = scopes, nodes, resting, names
        self.hosted = nets.hosted(nodes)

    def goes_on(self, ring: set[str]) -> bool:
        """Whether the ring can be run through without end, or more often than the engine does at one go."""
        after: dict[Counted, list[Counted]] = {}
        leading = self._leading_to(ring)
        pending = [(name, self._at_start(node)) for name, node in self.nodes.items() if self._is_start(node)]
        inside = 0
        while pending:
            here = pending.pop()
            if here in after or here[0] not in leading:
                continue
            inside += here[0] in ring
            if inside > MAX_STEPS or len(after) > MAX_VALUES:
                return True
            after[here] = list(self._next(*here))
            pending += after[here]
        return _has_cycle(
            {here: [a for a in nexts if a[0] in ring] for here, nexts in after.items() if here[0] in ring}
        )

    def _leading_to(self, ring: set[str]) -> set[str]:
        """The nodes from which a way leads into the ring; what happens elsewhere does not matter."""
        found: set[str] = set()
        pending = list(ring)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                host = self.nodes[name].step.attached_to
                pending += [flow.source for flow in self.nodes[name].incoming] + ([host] if host else [])
        return found

    @staticmethod
    def _is_start(node: Node) -> bool:
        return node.step.kind == "startEvent"

    def _at_start(self, node: Node) -> Facts:
        whole = node.step.parent is None
        return frozenset({(ROUND, 1)}) if whole and ROUND in self.names else frozenset()

    def _next(self, name: str, facts: Facts) -> Iterator[Counted]:
        node = self.nodes[name]
        after = self._known_after(node.step, facts)
        for event in self.hosted.get(name, []):
            yield event.step.id, after
        for flow in ways_out(node, after):
            yield flow.target, after

    def _known_after(self, step: Step, facts: Facts) -> Facts:
        """What is still known when a step is done: people and tables set facts of which nothing is known here."""
        match step.kind:
            case "scriptTask":
                return after_script(step, facts, self.names)
            case "userTask":
                return frozenset(fact for fact in facts if fact[0] == ROUND)
            case "businessRuleTask":
                return frozenset()
            case "subProcess":
                inner = [s for s in self._within(step.id) if s.kind in ("userTask", "businessRuleTask")]
                changed = {fact for s in self._within(step.id) for fact in names_assigned(s)}
                kept = {fact for fact in facts if fact[0] not in changed}
                plain = all(s.kind == "userTask" for s in inner)
                return frozenset(f for f in kept if not inner or (plain and f[0] == ROUND))
        return facts

    def _within(self, name: str) -> Iterator[Step]:
        for node in self.scopes.get(name, {}).values():
            yield node.step
            yield from self._within(node.step.id)


def _has_cycle(graph: Mapping[Counted, list[Counted]]) -> bool:
    """Whether something leads back to itself: take away what nothing leads to until nothing changes."""
    into = dict.fromkeys(graph, 0)
    for nexts in graph.values():
        for name in nexts:
            into[name] += 1
    free = [name for name, count in into.items() if count == 0]
    gone = 0
    while free:
        gone += 1
        for name in graph[free.pop()]:
            into[name] -= 1
            if into[name] == 0:
                free.append(name)
    return gone < len(graph)
