"""Ways through a diagram, told by the names of their steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huiyin.engine.nets import Move, Node

MAX_LABELS = 12
ARROW = " → "
SILENT = ("exclusiveGateway", "parallelGateway")


def told(nodes: Mapping[str, Node], way: Iterable[str]) -> str:
    """The names along a way; a gateway counts only if it has a name, and a long way is cut in its middle."""
    labels = [label for name in way if (label := _label(nodes[name]))]
    if len(labels) > MAX_LABELS:
        half = MAX_LABELS // 2
        labels = [*labels[:half], "…", *labels[-half:]]
    return ARROW.join(labels)


def _label(node: Node) -> str:
    name = " ".join(node.step.name.split())
    return name or ("" if node.step.kind in SILENT else node.step.id)


def way(moves: Iterable[Move], chains: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The nodes that a row of moves passes, those on the places it takes from included."""
    return [name for move in moves for name in (*on(move.takes, chains), *move.path)]


def on(places: Iterable[str], chains: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The nodes without choice that lie on these places."""
    return [name for place in sorted(places) for name in chains.get(place, ())]
