"""
Play a scope with tokens, every way it can go, before it is published.

Proved for each process and sub-process (van der Aalst's soundness of workflow nets, with BPMN's rule that an
end event just consumes its token): no flow ever holds two tokens, nothing gets stuck, and an end can be
reached from everywhere. This lets a join count tokens, and refuses diagrams that double their tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Node, Scope, first
from huiyin.engine.errors import Finding

MAX_MARKINGS = 20_000
Marking = frozenset[str]  # the places that hold a token
Move = tuple[str, Marking, Marking | None, bool]  # node, takes, gives (None: two on one), ends everything


def findings(scope: Scope) -> Iterator[Finding]:
    """
    Findings about the play of one scope, whose flows are already known to be in order.
    """
    reached = _reached(scope)
    unreachable = [name for name in scope.nodes if name not in reached]
    if unreachable:
        yield from (finding("unreachable", name) for name in unreachable)
        return
    try:
        yield from _Play(scope).findings()
    except _TooMany:
        yield finding("too-entangled", scope.id)


def _reached(scope: Scope) -> set[str]:
    pending = [name for name, node in scope.nodes.items() if node.step.kind == "startEvent"]
    reached: set[str] = set()
    hosted = _hosted(scope)
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        pending += [flow.target for flow in scope.nodes[name].outgoing]
        pending += [node.step.id for node in hosted.get(name, [])]
    return reached


def _hosted(scope: Scope) -> dict[str, list[Node]]:
    hosted: dict[str, list[Node]] = {}
    for node in scope.nodes.values():
        if node.step.attached_to is not None:
            hosted.setdefault(node.step.attached_to, []).append(node)
    return hosted


class Ground:
    """Where the tokens of a published scope can stand together; from each such standing an end can be reached."""

    def __init__(self, scope: Scope) -> None:
        play = _Play(scope)
        play.play()
        self._scope, self._place, self._markings = scope, play.place, frozenset(play.successors)

    def bears(self, tokens: Sequence[tuple[str, str | None]]) -> bool:
        """Whether tokens can stand so: each at a node, come there from another node where that is known."""
        choices = [
            {self._place[flow.id] for flow in self._scope.nodes[name].incoming if via in (None, flow.source)}
            for name, via in tokens
        ]
        return any(
            len(set(places)) == len(places) and frozenset(places) in self._markings
            for places in product(*choices)
        )


class _TooMany(Exception):
    """There are more markings than we look at."""


class _Play:
    """The token game of one scope. A place is a flow; flows through a node without choice are one place."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.hosted = _hosted(scope)
        self.place = self._places()
        self.moves = list(self._moves())
        self.successors: dict[Marking, list[Marking]] = {}
        self.doubled: dict[str, None] = {}

    def _places(self) -> Mapping[str, str]:
        """Flow id to place: a node with one way in and one way out only hands its token on."""
        place = {flow: flow for flow in self.scope.flows}

        def find(flow: str) -> str:
            while place[flow] != flow:
                flow = place[flow]
            return flow

        for name, node in self.scope.nodes.items():
            if len(node.incoming) == 1 and len(node.outgoing) == 1 and name not in self.hosted:
                place[find(node.outgoing[0].id)] = find(node.incoming[0].id)
        return {flow: find(flow) for flow in place}

    def _moves(self) -> Iterator[Move]:
        for name, node in self.scope.nodes.items():
            kind = node.step.kind
            ins = [self.place[flow.id] for flow in node.incoming]
            outs = [self.place[flow.id] for flow in node.outgoing]
            if not ins or ins == outs:
                continue
            if kind == "parallelGateway":
                yield self._move(name, ins, outs)
            elif kind == "endEvent":
                ends = first(node.element, "terminateEventDefinition") is not None
                yield from (self._move(name, [place], [], ends) for place in ins)
            else:
                boundaries = [self.place[n.outgoing[0].id] for n in self.hosted.get(name, [])]
                yield from (self._move(name, [i], [out]) for i in ins for out in [*outs, *boundaries])

    def _move(self, name: str, ins: list[str], outs: list[str], ends: bool = False) -> Move:
        doubled = len(set(outs)) != len(outs)
        return name, frozenset(ins), None if doubled else frozenset(outs), ends

    def play(self) -> None:
        """Go every way from the start."""
        start = next(n for n in self.scope.nodes.values() if n.step.kind == "startEvent")
        self._explore(frozenset(self.place[flow.id] for flow in start.outgoing))

    def findings(self) -> Iterator[Finding]:
        self.play()
        if self.doubled:
            yield from (finding("two-tokens", name) for name in self.doubled)
            return
        stuck = [marking for marking, nexts in self.successors.items() if marking and not nexts]
        joins = dict.fromkeys(name for marking in stuck for name in self._waiting(marking))
        yield from (finding("never-fires", name) for name in joins)
        if not stuck:
            yield from (finding("no-way-to-end", name) for name in self._lost())

    def _explore(self, first_marking: Marking) -> None:
        pending = [first_marking]
        while pending:
            marking = pending.pop()
            if marking in self.successors:
                continue
            if len(self.successors) >= MAX_MARKINGS:
                raise _TooMany
            self.successors[marking] = list(self._after(marking))
            if self.doubled:
                return
            pending += self.successors[marking]

    def _after(self, marking: Marking) -> Iterator[Marking]:
        for name, takes, gives, ends in self.moves:
            if not takes <= marking:
                continue
            rest = marking - takes
            if gives is None or rest & gives:
                self.doubled[name] = None
            else:
                yield frozenset() if ends else rest | gives

    def _waiting(self, marking: Marking) -> list[str]:
        return [name for name, takes, _, _ in self.moves if takes & marking]

    def _lost(self) -> list[str]:
        """Nodes at which a token stands in a marking from which the empty one is out of reach."""
        before: dict[Marking, list[Marking]] = {}
        for marking, nexts in self.successors.items():
            for after in nexts:
                before.setdefault(after, []).append(marking)
        saved, pending = set(), [Marking()]
        while pending:
            marking = pending.pop()
            if marking not in saved:
                saved.add(marking)
                pending += before.get(marking, [])
        lost = [marking for marking in self.successors if marking not in saved]
        return list(dict.fromkeys(name for marking in lost for name in self._waiting(marking)))
