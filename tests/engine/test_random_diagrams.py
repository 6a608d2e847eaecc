"""Random diagrams with loops, forks, choices and sub-processes run as their blocks mean them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest

from huiyin import engine
from tests.engine.random_diagrams import diagram, grown
from tests.engine.walking import Walk


def walked(seed: int) -> tuple[int, int]:
    """(steps taken, how many of 25 the case needed at most)"""
    draw = random.Random(seed)
    block = grown(draw, count(1))
    source = diagram(block)
    findings = engine.check(source)
    if {f.code for f in findings} <= {"too-many-nodes", "too-entangled"} and findings:
        return 0, 0
    assert findings == []
    walk = Walk(source)
    block.enter()
    finished = False
    for steps in range(60):
        assert walk.waits == ([] if finished else sorted(block.waits()))
        assert (walk.now.ended is not None) == finished
        if finished:
            return steps, len(walk.now.state)
        step = draw.choice(walk.waits)
        pick = draw.random() < 0.45
        finished = block.done(step, pick)
        walk.do(step, **{f"pick_{step}": pick})
    return 60, len(walk.now.state)


def lived(source: bytes, order: Callable[[list[str]], str], seed: int) -> tuple[Counter[str], str | None]:
    """What was done and the end it came to, when the open tasks are completed in this order."""
    walk, done = Walk(source), Counter[str]()
    while walk.now.ended is None and done.total() < 80:
        step = order(walk.waits)
        done[step] += 1
        # The choice hangs on the step and on how often it was asked, never on what else is open.
        pick = random.Random(f"{seed} {step} {done[step]}").random() < 0.4
        walk.do(step, **{f"pick_{step}": pick})
    return done, walk.outcome


def orders(seed: int) -> list[Callable[[list[str]], str]]:
    draw = random.Random(seed)
    return [min, max, lambda waits: draw.choice(waits)]


def compared(seed: int) -> bool:
    """Whether a diagram was sound and could be lived to its end in three orders, with the same tasks and end."""
    source = diagram(grown(random.Random(seed), count(1)))
    if engine.check(source):
        return False
    first, *others = [lived(source, order, seed) for order in orders(seed)]
    assert all(other == first for other in others)
    return first[1] is not None


@pytest.mark.parametrize("part", range(10))
def test_every_order_of_completion_does_the_same_tasks_and_comes_to_the_same_end(part: int) -> None:
    assert sum(compared(seed) for seed in range(part * 20, part * 20 + 20)) >= 10


@pytest.mark.parametrize("part", range(10))
def test_runs_as_it_is_drawn(part: int) -> None:
    steps = [walked(seed)[0] for seed in range(part * 20, part * 20 + 20)]
    assert sum(steps) > 40


@pytest.mark.long
@pytest.mark.parametrize("part", range(10, 85))
def test_runs_as_it_is_drawn_in_many_diagrams(part: int) -> None:
    steps = [walked(seed)[0] for seed in range(part * 20, part * 20 + 20)]
    assert sum(steps) > 20
