"""
What has happened on every way to each end of a process: a small state is carried along, and every way is tried.

What a state means is the caller's; here it is a number that steps change. A sub-process is summed up by what it makes
of a state when it is done, and when a message interrupts it while it waits. Many instances may come in any order, or
there may be none; so a multi-instance makes of a state whatever its steps could, and may leave it as it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from huiyin.engine import labels, nets
from huiyin.engine.collapsing import collapsed
from huiyin.engine.errors import Finding
from huiyin.engine.nets import Move, Node
from huiyin.engine.playing import MAX_STATES, TooMany
from huiyin.engine.soundness import too_entangled
from huiyin.engine.values import Flow, Step

Change = Mapping[int, int]  # what becomes of a state; one that is not named stays as it is
Found = tuple[frozenset[str], int]  # the places that hold a token, and the state


@dataclass(frozen=True)
class Events:
    """Which steps change the state."""

    done: Mapping[str, Change] = field(default_factory=dict)  # when the task is completed
    waited: Mapping[str, Change] = field(default_factory=dict)  # when the task was open, completed or not
    caught: Mapping[str, Change] = field(default_factory=dict)  # when the boundary event catches its message


class TooEntangled(Exception):
    """There are more states than we look at; `finding` says where to split."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.en)
        self.finding = finding


@dataclass(frozen=True)
class Arrival:
    """A state in which a process comes to an end, with one way that leads there, told by its labels."""

    step: str
    state: int
    path: str


def arrivals(
    steps: Mapping[str, Step], flows: Mapping[str, Flow], events: Events, closing: Iterable[str] = ()
) -> list[Arrival]:
    """
    Every state in which the process comes to each of its ends, and to each task of `closing`.

    :raises TooEntangled: past the limit of states
    """
    tracing = _Tracing(nets.scopes(steps, flows), events, frozenset(closing))
    try:
        play = tracing.play(None, 0)
    except TooMany as error:
        everything = {name: node for nodes in tracing.scopes.values() for name, node in nodes.items()}
        raise TooEntangled(too_entangled("", everything)) from error
    return [Arrival(step, state, play.path(found)) for (step, state), found in play.arrived.items()]


class _Tracing:
    def __init__(
        self, scopes: Mapping[str | None, Mapping[str, Node]], events: Events, closing: frozenset[str]
    ) -> None:
        self.scopes, self.events, self.closing = scopes, events, closing
        self.left = MAX_STATES
        self._plays: dict[tuple[str | None, int], _Play] = {}
        self._touched = {name: list(self._changes(name)) for name in scopes}

    def _changes(self, scope: str | None) -> Iterator[Change]:
        """Everything that may change the state within a scope."""
        for name in self.scopes.get(scope, {}):
            for table in (self.events.done, self.events.waited, self.events.caught):
                if name in table:
                    yield table[name]
            yield from self._changes(name) if name in self.scopes else ()

    def touches(self, scope: str) -> bool:
        return bool(self._touched.get(scope))

    def play(self, scope: str | None, state: int) -> _Play:
        if (scope, state) not in self._plays:
            self._plays[scope, state] = _Play(self, self.scopes[scope], state)
        return self._plays[scope, state]

    def after(self, step: Step, state: int) -> frozenset[int]:
        """What a sub-process makes of a state when it is done."""
        if not self.touches(step.id):
            return frozenset({state})
        return (
            self._any_order(step.id, state) if step.collection is not None else self.play(step.id, state).done
        )

    def amid(self, step: Step, state: int) -> frozenset[int]:
        """What a sub-process makes of a state when it is interrupted."""
        if not self.touches(step.id):
            return frozenset({state})
        return (
            self._any_order(step.id, state) if step.collection is not None else self.play(step.id, state).amid
        )

    def _any_order(self, scope: str, state: int) -> frozenset[int]:
        found = {state}
        grown = True
        while grown:
            before = len(found)
            found |= {change.get(one, one) for change in self._touched[scope] for one in found}
            grown = len(found) > before
        return frozenset(found)


class _Play:
    """One scope, entered in one state."""

    def __init__(self, tracing: _Tracing, nodes: Mapping[str, Node], state: int) -> None:
        self.tracing, self.nodes, self.hosted = tracing, nodes, nets.hosted(nodes)
        self.net = collapsed(nets.build(nodes, self._kept()))
        self.done: frozenset[int] = frozenset()
        self.amid: frozenset[int] = frozenset()
        self.arrived: dict[tuple[str, int], list[Move]] = {}
        self.before: dict[Found, tuple[Found, Move] | None] = {(frozenset({nets.START}), state): None}
        self._explore()

    def _kept(self) -> set[str]:
        """The nodes that must be seen: in the process itself those that matter, in a sub-process all that wait."""
        events, kept = self.tracing.events, set()
        for name, node in self.nodes.items():
            match node.step.kind:
                case "subProcess":
                    matters = node.step.parent is not None or self.tracing.touches(name)
                case "endEvent":
                    matters = node.step.parent is None
                case "userTask":
                    around = node.step.parent is not None or name in self.tracing.closing
                    matters = around or name in events.done or name in events.waited
                case "boundaryEvent":
                    matters = name in events.caught
                case _:
                    matters = False
            if matters:
                kept.add(name)
        hosts = {name for name in kept for event in self.hosted.get(name, ())}
        return kept | {event.step.id for name in hosts for event in self.hosted[name]}

    def _explore(self) -> None:
        pending = deque(self.before)
        while pending:
            found = pending.popleft()
            self.tracing.left -= 1
            if self.tracing.left < 0:
                raise TooMany
            moves = [move for move in self.net.moves if move.takes <= found[0]]
            self._close(found, moves)
            if moves and all(move.mark for move in moves):  # else the engine goes on by itself
                self._rest(found[1], moves)
            for move in moves:
                for state in self._after(move, found[1]):
                    after = frozenset() if move.ends else found[0] - move.takes | move.gives, state
                    self._arrive(move, found, state)
                    if after not in self.before:
                        self.before[after] = found, move
                        pending.append(after)
            if not found[0]:
                self.done |= {found[1]}

    def _after(self, move: Move, state: int) -> Iterable[int]:
        """What a move makes of a state."""
        events, name = self.tracing.events, move.mark
        if not name:
            return (state,)
        step = self.nodes[move.node].step
        if step.kind == "userTask":
            waited = _changed(events.waited, step.id, state)
            return (_changed(events.done if name == step.id else events.caught, name, waited),)
        if step.kind == "subProcess":
            if name == step.id:
                return self.tracing.after(step, state)
            return [_changed(events.caught, name, one) for one in self.tracing.amid(step, state)]
        return (state,)

    def _arrive(self, move: Move, found: Found, state: int) -> None:
        if move.mark and self.nodes[move.mark].step.kind == "endEvent":
            self.arrived.setdefault((move.mark, state), [*self._way(found), move])

    def _close(self, found: Found, moves: list[Move]) -> None:
        """A task that closes the case may be open."""
        for move in moves:
            if move.mark in self.tracing.closing:
                here = replace(move, path=(move.mark,))
                self.arrived.setdefault((move.mark, found[1]), [*self._way(found), here])

    def _rest(self, state: int, moves: list[Move]) -> None:
        """Here the engine waits, and a message may interrupt the scope."""
        states = {state}
        for move in moves:
            step = self.nodes[move.node].step
            if move.mark != step.id:
                continue
            if step.kind == "subProcess":
                states = {after for one in states for after in self.tracing.amid(step, one)}
            states = {_changed(self.tracing.events.waited, step.id, one) for one in states}
        self.amid |= states

    def _way(self, found: Found) -> list[Move]:
        way: list[Move] = []
        before = self.before[found]
        while before is not None:
            way.append(before[1])
            before = self.before[before[0]]
        return way[::-1]

    def path(self, way: list[Move]) -> str:
        return labels.told(self.nodes, labels.way(way, self.net.chains))


def _changed(table: Mapping[str, Change], name: str, state: int) -> int:
    return table.get(name, {}).get(state, state)
