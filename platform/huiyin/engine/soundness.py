"""
Prove a scope sound before it is published.

Proved for the process and each sub-process (van der Aalst's soundness of workflow nets, with BPMN's rule that an end
event just consumes its token): no flow ever holds two tokens, nothing gets stuck, no step is dead, an end can be
reached from everywhere, and two ways that run at once do not end with different outcomes. This lets a join count
tokens. A sub-process is one step of the scope around it, however often it runs: its instances share nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huiyin.engine import labels, nets
from huiyin.engine.catalogue import finding
from huiyin.engine.collapsing import collapsed
from huiyin.engine.errors import Finding
from huiyin.engine.nets import Net, Node
from huiyin.engine.playing import MAX_STATES, Limit, Play, State, TooMany


def findings(name: str, nodes: Mapping[str, Node], limit: Limit) -> Iterator[Finding]:
    """
    Findings about the play of the scope called `name`, whose flows are already known to be in order.
    """
    reached = _reached(nodes)
    unreachable = [node for node in nodes if node not in reached]
    if unreachable:
        yield from (finding("unreachable", node) for node in unreachable)
        return
    net = nets.build(nodes)
    try:
        if Play(collapsed(net), limit).in_order:
            return
        play = _as_drawn(net, limit) or Play(collapsed(net, exactly=True), Limit(limit.left))
        yield from _Told(nodes, play).findings()
    except TooMany:
        yield too_entangled(name, nodes)


def _as_drawn(net: Net, limit: Limit) -> Play | None:
    """The play that tells each way exactly, unless it is too large to be looked at."""
    try:
        return Play(net, Limit(limit.left))
    except TooMany:
        return None


def too_entangled(name: str, nodes: Mapping[str, Node]) -> Finding:
    """The finding that a scope has too many states, at the fork with the most ways."""
    forks = [node for node in nodes.values() if node.step.kind == "parallelGateway"]
    widest = max(forks, key=lambda node: len(node.outgoing), default=None)
    where = name if widest is None else widest.step.id
    label = where if widest is None else widest.step.name or where
    return finding("too-entangled", where, name=label, limit=MAX_STATES)


def _reached(nodes: Mapping[str, Node]) -> set[str]:
    pending = [name for name, node in nodes.items() if node.step.kind == "startEvent"]
    reached: set[str] = set()
    hosted = nets.hosted(nodes)
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        pending += [flow.target for flow in nodes[name].outgoing]
        pending += [node.step.id for node in hosted.get(name, [])]
    return reached


class _Told:
    """What is wrong in a play of the net as it is drawn, each with a way that leads there."""

    def __init__(self, nodes: Mapping[str, Node], play: Play) -> None:
        self.nodes, self.play = nodes, play

    def findings(self) -> Iterator[Finding]:
        play = self.play
        if play.doubled:
            yield from self._each("two-tokens", [(move.node, state) for state, move in play.doubled])
            return
        stuck = play.stuck
        yield from self._each("never-fires", self._waiting(stuck))
        if not stuck:
            yield from self._each("no-way-to-end", self._waiting(play.lost))
            yield from self._dead()
        if play.rival is not None:
            state, move = play.rival
            yield from self._each("rival-outcomes", [(move.node, state)])

    def _waiting(self, states: list[State]) -> list[tuple[str, State]]:
        return [(move.node, state) for state in states for move in self.play.waiting(state)]

    def _dead(self) -> Iterator[Finding]:
        """The first dead steps of each way: those that a token comes to, but never passes."""
        waited: dict[str, State] = {}
        dead = self.play.dead
        for state in self.play.successors if dead else ():
            held = set(self.play.held(state))
            for move in dead:
                if move.takes & held:
                    waited.setdefault(move.node, state)
        yield from self._each("dead-step", list(waited.items()))

    def _each(self, code: str, found: list[tuple[str, State]]) -> Iterator[Finding]:
        first: dict[str, State] = {}
        for node, state in found:
            first.setdefault(node, state)
        for node, state in first.items():
            yield finding(code, node, path=self._path(state))

    def _path(self, state: State) -> str:
        chains = self.play.net.chains
        way = labels.way(self.play.moves_to(state), chains)
        return labels.told(self.nodes, [*way, *labels.on(self.play.held(state), chains)])
