"""Where the tokens of a scope can stand together: what a case that is taken over to another diagram must fit into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from huiyin.engine import nets
from huiyin.engine.nets import Node
from huiyin.engine.playing import Play, TooMany


class Ground:
    """
    Where the tokens of a published scope can stand together; from each such standing an end can be reached.

    One with too many standings to be looked at as drawn bears none: what is not seen is not guessed.
    """

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        net = nets.build(nodes)
        self._nodes, self._place = nodes, net.place
        #: whether every standing was looked at
        self.is_seen = True
        try:
            play = Play(net)
            self._standings = frozenset(frozenset(play.held(state)) for state in play.successors)
        except TooMany:
            self.is_seen, self._standings = False, frozenset()

    def bears(self, tokens: Sequence[tuple[str, str | None]]) -> bool:
        """Whether tokens can stand so: each at a node, come there from another node where that is known."""
        choices = [
            {self._place[flow.id] for flow in self._nodes[name].incoming if via in (None, flow.source)}
            for name, via in tokens
        ]
        return any(
            len(set(places)) == len(places) and frozenset(places) in self._standings
            for places in product(*choices)
        )
