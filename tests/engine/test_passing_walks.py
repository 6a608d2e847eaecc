"""What is said of the ways to an end holds on every way that a case really takes, in random diagrams."""

from __future__ import annotations

import random
from itertools import count

import pytest

from huiyin import engine
from tests.engine.random_diagrams import diagram, grown
from tests.engine.walking import Walk

REPLY, RATE = {0: 1, 2: 1}, {1: 2}


def walked(seed: int, walks: int) -> tuple[int, int]:
    """(states that were met, states that were said to be possible) at the end of one diagram"""
    draw = random.Random(seed)
    source = diagram(grown(draw, count(1)))
    if engine.check(source):
        return 0, 0
    process = engine.compile_process(source)
    tasks = [step.id for step in process.steps.values() if step.kind == "userTask"]
    replies, ratings = ({one for one in tasks if draw.random() < 0.3} for _ in range(2))
    events = engine.Events(done=dict.fromkeys(replies, REPLY), waited=dict.fromkeys(ratings, RATE))
    try:
        said = {one.state for one in engine.arrivals(process.steps, process.flows, events)}
    except engine.TooEntangled:
        return 0, 0
    met = set()
    for _ in range(walks):
        walk, state = Walk(source), 0
        for _ in range(60):
            if walk.now.ended:
                met.add(state)
                break
            step = draw.choice(walk.waits)
            if step in ratings:
                state = RATE.get(state, state)
            if step in replies:
                state = REPLY.get(state, state)
            walk.do(step, **{f"pick_{step}": draw.random() < 0.4})
    assert met <= said, seed
    return len(met), len(said)


def test_no_case_ends_otherwise_than_was_said() -> None:
    found = [walked(seed, 6) for seed in range(60)]
    met, said = (sum(numbers) for numbers in zip(*found, strict=True))
    assert met > 50
    assert met > 0.7 * said  # what is said is not simply everything


@pytest.mark.long
def test_no_case_ends_otherwise_in_many_diagrams() -> None:
    found = [walked(seed, 20) for seed in range(1_000, 3_000)]
    met, said = (sum(numbers) for numbers in zip(*found, strict=True))
    assert met > 0.75 * said
