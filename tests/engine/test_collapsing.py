"""The collapsed net is in order exactly if the net as drawn is: tried on random nets, most of them out of order."""

from __future__ import annotations

import random

import pytest

from huiyin.engine import nets, soundness
from huiyin.engine.collapsing import collapsed
from huiyin.engine.nets import Node
from huiyin.engine.playing import Limit, Play
from huiyin.engine.values import Flow, Step

KINDS = ("userTask", "exclusiveGateway", "exclusiveGateway", "parallelGateway", "parallelGateway")


def step(name: str, kind: str, **more: object) -> Step:
    props = {"outcome": "answered"} if kind == "endEvent" else {}
    return Step(name, kind, name, props, None, None, **{"attached_to": None, **more})  # type: ignore[arg-type]


def drawn(draw: random.Random) -> dict[str, Node]:
    """A random scope: every node has as many ways out as its kind may have, whatever that means."""
    inner = [step(f"n{n}", draw.choice(KINDS)) for n in range(draw.randrange(2, 11))]
    ends = [step(f"e{n}", "endEvent", terminates=draw.random() < 0.2) for n in range(draw.randrange(1, 4))]
    tasks = [one.id for one in inner if one.kind == "userTask"]
    events = [step(f"b_{name}", "boundaryEvent", attached_to=name) for name in tasks if draw.random() < 0.2]
    targets = [one.id for one in (*inner, *ends)]
    steps = {one.id: one for one in (step("start", "startEvent"), *inner, *ends, *events)}
    flows = {}
    for one in steps.values():
        ways = 0 if one.kind == "endEvent" else draw.randrange(1, 4) if one.kind.endswith("Gateway") else 1
        for target in draw.sample(targets, min(ways, len(targets))):
            if target != one.id:
                flows[f"{one.id}_{target}"] = Flow(f"{one.id}_{target}", one.id, target, "", None, False)
    found = nets.scopes(steps, flows)[None]
    return found if all(node.outgoing or node.step.kind == "endEvent" for node in found.values()) else {}


def compared(seeds: range) -> tuple[int, int]:
    """(nets in order, nets out of order)"""
    good = bad = 0
    for seed in seeds:
        nodes = drawn(random.Random(seed))
        if not nodes or soundness._reached(nodes) != set(nodes):
            continue
        net = nets.build(nodes)
        whole, small = Play(net), Play(collapsed(net))
        # Out of order when collapsed means: look at the net as drawn.
        assert not small.in_order or whole.in_order, seed
        assert Play(collapsed(net, exactly=True)).in_order == whole.in_order, seed
        assert whole.in_order == (not list(soundness.findings("", nodes, Limit()))), seed
        assert not whole.in_order or len(small.before) <= len(whole.before)
        good, bad = good + whole.in_order, bad + (not whole.in_order)
    return good, bad


def test_what_is_out_of_order_stays_so() -> None:
    good, bad = compared(range(6_000))
    assert good > 100
    assert bad > 250


@pytest.mark.long
def test_what_is_out_of_order_stays_so_in_many_nets() -> None:
    good, bad = compared(range(10_000, 150_000))
    assert good > 2_000
    assert bad > 6_000
