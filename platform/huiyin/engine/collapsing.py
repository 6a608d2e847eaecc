"""
Make a net small before it is played: whatever cannot change what is proved is fused or dropped.

Murata's reductions (Petri nets: properties, analysis and applications, 1989): series of moves, equal moves, equal
places, moves that change nothing. A fork and its join, a choice and its merge, a loop of one way collapse to a single
move, so that ten branches cost ten steps and not two to the tenth. A net in order stays in order and one out of order
stays out of order, save that a join fused with what follows it may seem to hold two tokens; then a net without that decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from huiyin.engine.nets import START, Move, Net

MAX_PATH = 40  # nodes that a fused move remembers; its path is only told


def collapsed(net: Net, *, exactly: bool = False) -> Net:
    """
    A smaller net, out of order if this one is; marked moves stay as they are.

    It is in order if this one is, too, save for what is said of joins above; `exactly` leaves those alone.
    """
    work = _Work(net)
    while (
        work.each_place(work.fuse_after)
        + (not exactly and work.each_place(work.fuse_before))
        + work.drop_equals()
    ):
        pass
    return Net(tuple(work.moves.values()), net.chains)


class _Work:
    def __init__(self, net: Net) -> None:
        self.moves: dict[int, Move] = {}
        self.makers: dict[str, set[int]] = defaultdict(set)
        self.takers: dict[str, set[int]] = defaultdict(set)
        self.chains = net.chains
        for number, move in enumerate(net.moves):
            self._put(number, move)

    def _put(self, number: int, move: Move) -> None:
        if number in self.moves:
            self._drop(number)
        self.moves[number] = move
        for place in move.gives:
            self.makers[place].add(number)
        for place in move.takes:
            self.takers[place].add(number)

    def _drop(self, number: int) -> None:
        move = self.moves.pop(number)
        for place in move.gives:
            self.makers[place].discard(number)
        for place in move.takes:
            self.takers[place].discard(number)

    def each_place(self, rule: Callable[[str], bool]) -> bool:
        """Apply a rule to every place that has moves on both sides; whether anything changed."""
        places = [place for place in self.takers if place != START]
        return sum(rule(place) for place in places if self.makers[place] and self.takers[place]) > 0

    def fuse_after(self, place: str) -> bool:
        """What takes from a place, and takes nothing else, happens together with what fills the place."""
        firsts = [(n, self.moves[n]) for n in self.makers[place]]
        thens = [(n, self.moves[n]) for n in self.takers[place]]
        if min(len(firsts), len(thens)) > 1 or not all(
            self._follows(place, then, firsts) for _, then in thens
        ):
            return False
        for n, _ in (*firsts, *thens):
            self._drop(n)
        named = thens if len(firsts) == 1 else firsts
        pairs = [(first, then) for _, first in firsts for _, then in thens]
        for (n, _), (first, then) in zip(named, pairs, strict=True):
            gives = first.gives - {place} | then.gives
            self._put(n, self._fused(first, place, then, first.takes, gives, first))
        return True

    def _follows(self, place: str, then: Move, firsts: list[tuple[int, Move]]) -> bool:
        if then.mark or then.doubles or then.takes != {place}:
            return False
        if any((first.gives - {place}) & then.gives or place in first.takes for _, first in firsts):
            return False
        return bool(then.gives) or self._ends_once(place, then, firsts)

    def _ends_once(self, place: str, end: Move, firsts: list[tuple[int, Move]]) -> bool:
        """Whether no two tokens can come to an end's place; fused, they would vanish before anybody saw both."""
        number, first = firsts[0]
        if len(firsts) > 1 or first.gives == {place}:
            return len(firsts) == 1
        return not end.ends and not self._returns(number)

    def _returns(self, number: int) -> bool:
        """Whether a move's tokens can lead back to it."""
        pending, seen = [number], set[int]()
        while pending:
            for place in self.moves[pending.pop()].gives:
                nexts = self.takers[place] - seen
                seen |= nexts
                pending += nexts
        return number in seen

    def fuse_before(self, place: str) -> bool:
        """The only move that fills a place, and nothing else, waits until what the place is for happens."""
        if len(self.makers[place]) != 1:
            return False
        (number,) = self.makers[place]
        first, thens = self.moves[number], [(n, self.moves[n]) for n in self.takers[place]]
        if first.mark or first.outcomes or first.doubles or first.gives != {place} or place in first.takes:
            return False
        if any(self.takers[waiting] != {number} for waiting in first.takes):
            return False  # something else might take the token meanwhile
        self._drop(number)
        for n, then in thens:
            self._put(
                n, self._fused(first, place, then, then.takes - {place} | first.takes, then.gives, then)
            )
        return True

    def _fused(
        self, first: Move, place: str, then: Move, takes: frozenset[str], gives: frozenset[str], named: Move
    ) -> Move:
        path = (*first.path, *self.chains.get(place, ()), *then.path)[:MAX_PATH]
        return replace(
            named,
            takes=takes,
            gives=gives,
            path=path,
            ends=then.ends,
            doubles=first.doubles or then.doubles,
            outcomes=first.outcomes | then.outcomes,
        )

    def drop_equals(self) -> bool:
        """Of moves that do the same one stays, of places that always hold the same one; what changes nothing goes."""
        before = len(self.moves), len(self.takers)
        self._drop_equal_moves()
        self._drop_equal_places()
        return before != (len(self.moves), len(self.takers))

    def _drop_equal_moves(self) -> None:
        seen = set()
        for number, move in list(self.moves.items()):
            key = (move.takes, move.gives, move.ends, move.doubles, move.mark, move.outcomes)
            idle = move.takes == move.gives and not (move.ends or move.mark or move.outcomes)
            if key in seen or idle:
                self._drop(number)
            seen.add(key)

    def _drop_equal_places(self) -> None:
        seen: set[tuple[frozenset[int], frozenset[int]]] = set()
        for place in list(self.takers):
            makers, takers = frozenset(self.makers[place]), frozenset(self.takers[place])
            if (makers, takers) in seen or not (makers or takers):
                for number in makers | takers:
                    move = self.moves[number]
                    self._put(number, replace(move, takes=move.takes - {place}, gives=move.gives - {place}))
                del self.takers[place], self.makers[place]
            elif makers and takers:
                seen.add((makers, takers))
