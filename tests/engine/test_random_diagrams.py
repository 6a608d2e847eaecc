"""Random diagrams with loops, forks, choices and sub-processes run as their blocks mean them."""

from __future__ import annotations

import random
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


@pytest.mark.parametrize("part", range(10))
def test_runs_as_it_is_drawn(part: int) -> None:
    steps = [walked(seed)[0] for seed in range(part * 20, part * 20 + 20)]
    assert sum(steps) > 40


@pytest.mark.long
@pytest.mark.parametrize("part", range(10, 85))
def test_runs_as_it_is_drawn_in_many_diagrams(part: int) -> None:
    steps = [walked(seed)[0] for seed in range(part * 20, part * 20 + 20)]
    assert sum(steps) > 20
