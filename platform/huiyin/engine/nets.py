"""
The net of a scope: places that hold a token, and moves that take tokens and give others.

A place is a flow; the flows through a node without choice are one place, and the node is one of its chain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from huiyin.engine.values import Flow, Step

START = ""  # the place that holds the only token before the start event moves
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Node:
    """A step with its flows."""

    step: Step
    incoming: tuple[Flow, ...]
    outgoing: tuple[Flow, ...]


@dataclass(frozen=True)
class Move:
    """What one node does with tokens."""

    node: str
    takes: frozenset[str]
    gives: frozenset[str]
    path: tuple[str, ...]  # the nodes that are passed, in order
    ends: bool = False  # a terminate end: whatever else holds a token is dropped
    doubles: bool = False  # two of its ways lead to the same place
    mark: str = ""  # what of it must be seen in its order; such a move is never fused into another
    outcomes: frozenset[str] = NOTHING  # the outcomes of the ends in it; their order does not matter


@dataclass(frozen=True)
class Net:
    """Every move, the nodes without choice that lie on each place, and the place of each flow."""

    moves: tuple[Move, ...]
    chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)


def scopes(steps: Mapping[str, Step], flows: Mapping[str, Flow]) -> dict[str | None, dict[str, Node]]:
    """The nodes by the sub-process they lie in; None is the process itself."""
    into, out_of = defaultdict(list), defaultdict(list)
    for flow in flows.values():
        into[flow.target].append(flow)
        out_of[flow.source].append(flow)
    found: dict[str | None, dict[str, Node]] = defaultdict(dict)
    for name, step in steps.items():
        found[step.parent][name] = Node(step, tuple(into[name]), tuple(out_of[name]))
    return found


def hosted(nodes: Mapping[str, Node]) -> dict[str, list[Node]]:
    """The boundary events by the node they are attached to."""
    found: dict[str, list[Node]] = {}
    for node in nodes.values():
        if node.step.attached_to is not None:
            found.setdefault(node.step.attached_to, []).append(node)
    return found


def build(nodes: Mapping[str, Node], kept: Collection[str] = ()) -> Net:
    """The net of one scope; the moves of the nodes in `kept` are marked with their ids."""
    return _Building(nodes, kept).net()


class _Building:
    def __init__(self, nodes: Mapping[str, Node], kept: Collection[str]) -> None:
        self.nodes, self.kept, self.hosted = nodes, kept, hosted(nodes)
        self.place: dict[str, str] = {}

    def net(self) -> Net:
        silent = [name for name, node in self.nodes.items() if self._is_silent(name, node)]
        self.place = self._places(silent)
        return Net(tuple(self._moves(set(silent))), self._chains(silent), self.place)

    def _is_silent(self, name: str, node: Node) -> bool:
        """A node with one way in and one way out only hands its token on."""
        through = len(node.incoming) == 1 and len(node.outgoing) == 1
        return through and name not in self.hosted and name not in self.kept

    def _places(self, silent: list[str]) -> dict[str, str]:
        place = {
            flow.id: flow.id for node in self.nodes.values() for flow in (*node.incoming, *node.outgoing)
        }

        def find(flow: str) -> str:
            while place[flow] != flow:
                flow = place[flow]
            return flow

        for name in silent:
            node = self.nodes[name]
            place[find(node.outgoing[0].id)] = find(node.incoming[0].id)
        return {flow: find(flow) for flow in place}

    def _chains(self, silent: list[str]) -> dict[str, tuple[str, ...]]:
        """The nodes on each place, in the order in which a token passes them."""
        after = {self.nodes[name].incoming[0].id: name for name in silent}
        chains = {}
        for flow, place in self.place.items():
            if flow != place:
                continue
            chain: list[str] = []
            while flow in after and after[flow] not in chain:
                chain.append(after[flow])
                flow = self.nodes[after[flow]].outgoing[0].id
            chains[place] = tuple(chain)
        return chains

    def _moves(self, silent: set[str]) -> Iterator[Move]:
        for name, node in self.nodes.items():
            if name in silent:
                continue
            ins = [self.place[flow.id] for flow in node.incoming]
            outs = [self.place[flow.id] for flow in node.outgoing]
            match node.step.kind:
                case "startEvent":
                    yield self._move(name, [START], outs)
                case "parallelGateway" if ins:
                    yield self._move(name, ins, outs)
                case "endEvent":
                    yield from (self._end(node, place) for place in ins)
                case _:
                    yield from self._choices(name, ins, outs)

    def _choices(self, name: str, ins: list[str], outs: list[str]) -> Iterator[Move]:
        for place in ins:
            yield from (self._move(name, [place], [out]) for out in outs)
            for event in self.hosted.get(name, []):
                out, id = self.place[event.outgoing[0].id], event.step.id
                mark = id if id in self.kept else ""
                yield Move(name, frozenset({place}), frozenset({out}), (name, id), mark=mark)

    def _move(self, name: str, ins: list[str], outs: list[str]) -> Move:
        doubles = len(set(outs)) != len(outs)
        mark = name if name in self.kept else ""
        return Move(name, frozenset(ins), frozenset(outs), (name,), doubles=doubles, mark=mark)

    def _end(self, node: Node, place: str) -> Move:
        name, outcome = node.step.id, node.step.props.get("outcome")
        return Move(
            name,
            frozenset({place}),
            NOTHING,
            (name,),
            ends=node.step.terminates,
            mark=name if name in self.kept else "",
            outcomes=frozenset({outcome}) if outcome and node.step.parent is None else NOTHING,
        )
