"""Play a net with tokens, every way it can go."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from huiyin.engine.nets import START, Move, Net

MAX_STATES = 100_000
State = tuple[
    int, int
]  # the places that hold a token, the outcomes of the ends that were reached, both as bits


class TooMany(Exception):
    """There are more states than we look at."""


@dataclass
class Limit:
    """How many states of a diagram are looked at, over all its scopes."""

    left: int = MAX_STATES


class Play:
    """Every state that a net can come to. It stops at the first flow that would hold two tokens."""

    def __init__(self, net: Net, limit: Limit | None = None) -> None:
        """
        Explore.

        :raises TooMany: past the limit
        """
        self.net, self.limit = net, limit or Limit()
        places = {START: 1}
        outcomes: dict[str, int] = {}
        for move in net.moves:
            for place in (*move.takes, *move.gives):
                places.setdefault(place, 1 << len(places))
            for outcome in sorted(move.outcomes):
                outcomes.setdefault(outcome, 1 << len(outcomes))
        self.places = places
        self._moves = [
            (
                number,
                sum(places[place] for place in move.takes),
                sum(places[place] for place in move.gives),
                move.ends,
                move.doubles,
                sum(outcomes[outcome] for outcome in move.outcomes),
            )
            for number, move in enumerate(net.moves)
        ]
        self.before: dict[State, tuple[State, int] | None] = {(1, 0): None}
        self.successors: dict[State, list[State]] = {}
        self.fired: set[int] = set()
        self.doubled: list[tuple[State, Move]] = []
        self.rival: tuple[State, Move] | None = None
        self._explore()

    def _explore(self) -> None:
        pending = deque(self.before)
        while pending and not self.doubled:
            state = pending.popleft()
            nexts = self.successors[state] = []
            for after, number in self._after(state):
                nexts.append(after)
                if after not in self.before:
                    self.before[after] = state, number
                    pending.append(after)
            if len(self.before) > self.limit.left:
                raise TooMany
        self.limit.left -= len(self.before)

    def _after(self, state: State) -> Iterator[tuple[State, int]]:
        marking, seen = state
        for number, takes, gives, ends, doubles, outcomes in self._moves:
            if takes & marking != takes:
                continue
            rest = marking & ~takes
            if doubles or rest & gives:
                self.doubled.append((state, self.net.moves[number]))
                continue
            self.fired.add(number)
            told = seen | outcomes
            if told & (told - 1) and self.rival is None:
                self.rival = state, self.net.moves[number]
            yield ((0 if ends else rest | gives), told), number

    def moves_to(self, state: State) -> list[Move]:
        """The moves of a shortest way to a state."""
        found = []
        step = self.before[state]
        while step is not None:
            found.append(self.net.moves[step[1]])
            step = self.before[step[0]]
        return found[::-1]

    def held(self, state: State) -> list[str]:
        """The places that hold a token."""
        return [place for place, bit in self.places.items() if state[0] & bit]

    def waiting(self, state: State) -> list[Move]:
        """The moves that some token of a state is for."""
        held = set(self.held(state))
        return [move for move in self.net.moves if move.takes & held]

    @property
    def stuck(self) -> list[State]:
        """States in which a token is left and nothing moves."""
        return [state for state, nexts in self.successors.items() if state[0] and not nexts]

    @property
    def lost(self) -> list[State]:
        """States from which no way leads to an end of everything."""
        into: dict[State, list[State]] = {}
        for state, nexts in self.successors.items():
            for after in nexts:
                into.setdefault(after, []).append(state)
        saved: set[State] = set()
        pending = [state for state in self.successors if not state[0]]
        while pending:
            state = pending.pop()
            if state not in saved:
                saved.add(state)
                pending += into.get(state, [])
        return [state for state in self.successors if state not in saved]

    @property
    def dead(self) -> list[Move]:
        """Moves of nodes that never move."""
        alive = {self.net.moves[number].node for number in self.fired}
        return [move for move in self.net.moves if move.node not in alive]

    @property
    def in_order(self) -> bool:
        """Whether nothing at all is wrong."""
        return not (self.doubled or self.rival or self.stuck or self.dead or self.lost)
