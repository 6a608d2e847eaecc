"""
Take a running case over to another version of its process.

The saved state is a cursor: tokens with their keys and facts. Each token is set on the step of the new diagram that has
the same id, or on the one that a mapping names; a step stays of its kind and in its sub-process. What listens at a step is
drawn anew from the new diagram. Then the token game decides: the tokens must stand as they can stand in the new diagram,
and from every such standing an end can be reached (see ground.py). What is not understood is refused, never guessed.

Obstacles: `step-gone`, `way-gone` (a mapping helps); `other-kind`, `other-scope`, `instances-changed`, `way-moved`,
`never-together`, `ended`, `not-the-same`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from huiyin.engine import codec
from huiyin.engine.advancing import look
from huiyin.engine.errors import CannotMove, Obstacle
from huiyin.engine.ground import Ground
from huiyin.engine.merging import LIVE, copied
from huiyin.engine.process import Process
from huiyin.engine.specs import SPLIT, BoundaryEvent
from huiyin.engine.values import Advance

NO_STEPS: Mapping[str, str] = MappingProxyType({})
INSTANCE, END_JOIN, ROOT = " [child]", ".EndJoin", "Start"


def migrate(old: Process, new: Process, state: bytes, *, steps: Mapping[str, str] = NO_STEPS) -> Advance:
    """
    The case on the new diagram: the same open tasks with the same keys, frames and facts; nothing is passed.

    :param steps: old step id -> new step id, where they differ
    :raises ForeignState: if the state is not one of the old process
    :raises CannotMove: with every reason
    """
    before = look(old, state)
    if before.ended is not None:
        raise CannotMove([Obstacle("", "ended")])
    body = codec.unpack(state, old.digest)
    move = _Move(old, new, steps)
    trees = [[owner, move.tree(owner, rows)] for owner, rows in body["trees"]]
    move.prove_standing()
    if move.obstacles:
        raise CannotMove(move.obstacles)
    end = body["end"] if body["end"] in new.steps else None
    moved = codec.pack({**body, "of": new.digest, "end": end, "trees": trees})
    # Loaded and saved once: what it then holds is what any later advance will find.
    case = codec.decode(moved, new.digest, new.new_case())
    after = look(new, codec.encode(case, new.digest))
    _prove_same(before, after, steps)
    return after


def _prove_same(before: Advance, after: Advance, steps: Mapping[str, str]) -> None:
    """
    Whether the same people wait at the same places with the same facts.

    :raises CannotMove: if not
    """
    were = {(t.key, steps.get(t.step_id, t.step_id), t.item, t.frame) for t in before.open}
    are = {(t.key, t.step_id, t.item, t.frame) for t in after.open}
    if were != are or before.data != after.data:
        raise CannotMove([Obstacle("", "not-the-same")])


@lru_cache(maxsize=256)
def _ground(process: Process, scope: str) -> Ground:
    return Ground(process.scope(scope).nodes)


@dataclass
class _Token:
    """A row of the saved state, with its facts written out."""

    spec: str
    above: _Token | None
    state: int
    id: str | int
    facts: dict[str, Any]
    internal: dict[str, Any]
    below: list[_Token] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return bool(self.state & LIVE)

    @property
    def step(self) -> str:
        """The step of the diagram that it stands for."""
        return self.spec.removesuffix(INSTANCE).removesuffix(SPLIT)

    @property
    def guarded(self) -> _Token | None:
        """The live activity under a split that arms its boundary events."""
        if not self.spec.endswith(SPLIT):
            return None
        return next((token for token in self.below if token.is_live and token.spec == self.step), None)


def _read(rows: list[codec.Row]) -> list[_Token]:
    tokens: list[_Token] = []
    for spec, above, state, id_hex, facts, internal in rows:
        parent = tokens[above] if above >= 0 else None
        known = copied(parent.facts) if codec.is_same(facts) and parent is not None else facts or {}
        token = _Token(spec, parent, state, id_hex, known, internal)
        if parent is not None:
            parent.below.append(token)
        tokens.append(token)
    return tokens


@dataclass(frozen=True)
class _Frame:
    """A running tree: its sub-process in the old diagram and, if it has one, in the new; the process itself at the top."""

    old: str
    new: str | None


class _Move:
    """One case on its way, with what stands against it."""

    def __init__(self, old: Process, new: Process, steps: Mapping[str, str]) -> None:
        self.old, self.new, self.steps = old, new, steps
        self.frames = {"": _Frame(old.id, new.id)}
        self.obstacles: list[Obstacle] = []
        self.standing: list[tuple[str, list[tuple[str, str | None]]]] = []

    def tree(self, owner: str, rows: list[codec.Row]) -> list[codec.Row]:
        """The rows of one running tree on the new diagram; none if its sub-process is not in it."""
        frame, tokens = self.frames[owner], _read(rows)
        if frame.new is None:
            self.frames.update({str(t.id): _Frame(t.step, None) for t in tokens if t.is_live})
            return []
        found = {id(token): self._place(token, frame.new) for token in tokens if self._stands(token, frame)}
        for token in tokens:
            if id(token) in found:
                self.frames[str(token.id)] = _Frame(token.step, found[id(token)])
        if None in found.values():
            return []
        names = {key: str(name) for key, name in found.items()}
        played = [t for t in tokens if id(t) in names and not t.spec.endswith((END_JOIN, INSTANCE))]
        self.standing.append((frame.new, [(names[id(t)], self.via(t)) for t in played]))
        return list(_Writer(self, frame.new, names).rows(tokens))

    def _stands(self, token: _Token, frame: _Frame) -> bool:
        """Whether it is a token of the game, or an instance of one: not an armed boundary event, not a finished step."""
        if isinstance(self.old.specs_in(frame.old)[token.spec], BoundaryEvent):
            return False
        above = token.above
        return token.is_live or (token.spec.endswith(INSTANCE) and above is not None and above.is_live)

    def _place(self, token: _Token, scope: str) -> str | None:
        """The step of the new diagram on which a token goes on; None with an obstacle if there is none."""
        if token.spec.endswith(END_JOIN):
            return scope
        name = self.steps.get(token.step, token.step)
        against = self._against(token, name, scope)
        if against is None:
            return name
        self.obstacles.append(against)
        return None

    def _against(self, token: _Token, name: str, scope: str) -> Obstacle | None:
        was, now = self.old.steps[token.step], self.new.steps.get(name)
        if now is None:
            return Obstacle(token.step, "step-gone")
        if now.kind != was.kind:
            return Obstacle(token.step, "other-kind", name)
        if (now.parent or self.new.id) != scope:
            return Obstacle(token.step, "other-scope", name)
        if now.item != was.item:
            return Obstacle(token.step, "instances-changed", name)
        via = token.internal.get("via")
        if via is None or self._leads(self.steps.get(via, via), name):
            return None
        if via in self.new.steps or via in self.steps:
            return Obstacle(token.step, "way-moved", via)
        return Obstacle(via, "way-gone", name)

    def via(self, token: _Token) -> str | None:
        """The node of the new diagram by which a token came to the join where it waits."""
        via = token.internal.get("via")
        return None if via is None else self.steps.get(via, via)

    def _leads(self, source: str, target: str) -> bool:
        return any((flow.source, flow.target) == (source, target) for flow in self.new.flows.values())

    def prove_standing(self) -> None:
        """In every tree the tokens stand as they can in the new diagram."""
        for scope, tokens in self.standing:
            if not _ground(self.new, scope).bears(tokens):
                names = sorted(name for name, _via in tokens)
                self.obstacles.append(Obstacle("", "never-together", " ".join(names)))


class _Writer:
    """Writes the tokens of one tree as rows of the new diagram; `found` names the new step of each that stands."""

    def __init__(self, move: _Move, scope: str, found: Mapping[int, str]) -> None:
        self.move, self.specs, self.found = move, move.new.specs_in(scope), found
        self.row_of: dict[int, int] = {}
        self.count = 0

    def rows(self, tokens: list[_Token]) -> Iterator[codec.Row]:
        """Parents first, in the order of the old rows."""
        for token in tokens:
            above = -1 if token.above is None else self.row_of[id(token.above)]
            if id(token) in self.found:
                yield from self._standing(token, above)
            elif token.guarded is not None:
                yield from self._split(token, self.found[id(token.guarded)] + SPLIT, above)
            elif not token.is_live:
                # Only its facts are still needed, as the base of a merge: a step that is gone becomes nameless.
                yield self._row(token, token.spec if token.spec in self.specs else ROOT, above)
            elif token.spec in self._events_at(token.above):
                yield self._row(token, token.spec, above)

    def _split(self, token: _Token, name: str, above: int) -> Iterator[codec.Row]:
        if name in self.specs:
            yield self._row(token, name, above)
        else:
            self.row_of[id(token)] = above

    def _standing(self, token: _Token, above: int) -> Iterator[codec.Row]:
        name = self.found[id(token)]
        events: list[str] = []
        if token.spec.endswith(END_JOIN):
            name += END_JOIN
        elif token.spec.endswith(INSTANCE):
            name += INSTANCE
        else:
            events = self._events(name)
        armed: set[str] = set()
        if token.above is not None and token.above.guarded is token:
            armed = {one.spec for one in token.above.below}
        elif events:
            split = _Token(name + SPLIT, None, TaskState.COMPLETED, 0, token.facts, {})
            yield self._row(split, split.spec, above)
            above = self.row_of[id(split)]
        yield self._row(token, name, above)
        for event in [event for event in events if event not in armed]:
            # It would have begun to listen when the step began, with the facts of that moment.
            listener = _Token(event, None, TaskState.WAITING, uuid4().hex, token.facts, {})
            yield self._row(listener, event, above)

    def _events_at(self, split: _Token | None) -> list[str]:
        guarded = split.guarded if split is not None else None
        return [] if guarded is None else self._events(self.found[id(guarded)])

    def _events(self, name: str) -> list[str]:
        """The boundary events that the new diagram attaches to a step."""
        split = self.specs.get(name + SPLIT)
        outputs = [] if split is None else [self.specs[output] for output in split._outputs]
        return [spec.name for spec in outputs if isinstance(spec, BoundaryEvent)]

    def _row(self, token: _Token, name: str, above: int) -> codec.Row:
        self.row_of[id(token)] = self.count
        self.count += 1
        internal = token.internal
        if token.is_live and "via" in internal:
            internal = {**internal, "via": self.move.via(token)}
        return [name, above, token.state, token.id, token.facts, internal]
