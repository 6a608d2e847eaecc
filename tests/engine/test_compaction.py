"""A step costs the same in year three: history leaves the state, what is live stays as it was."""

from __future__ import annotations

import random

import pytest

from huiyin import engine
from huiyin.engine import codec
from tests.engine.matter import MATTER, TABLES
from tests.engine.walking import Walk


def rows(walk: Walk) -> int:
    """How many tasks the saved state holds."""
    return sum(len(tree[1]) for tree in codec._body(walk.now.state)["trees"])


def test_size_stays_flat_over_three_hundred_reworks() -> None:
    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    walk.do("screen", accept=True)
    walk.do("dispatch", route="units", assignments=["a", "b", "c"])
    sizes, counts = [], []
    for _ in range(300):
        for item in "bca":
            walk.do("sign", item, objects=False)
        for item in "cab":
            walk.do("work", item)
        walk.do("reply")
        walk.do("deputy_rate", deputy="bad")
        walk.do("citizen_rate", citizen="good")
        walk.do("study", round=1)
        sizes.append(len(walk.now.state))
        counts.append(rows(walk))
    assert set(counts) == {counts[0]}
    assert max(sizes) - min(sizes) < 60
    assert max(sizes) < 900


def test_an_instance_that_loops_by_itself_stays_flat() -> None:
    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    walk.do("screen", accept=True)
    walk.do("dispatch", route="units", assignments=["a", "b"])
    counts = []
    for _ in range(100):
        walk.do("sign", "a", objects=True)
        walk.do("ruling", "a", upheld=True)
        counts.append(rows(walk))
    assert len(set(counts)) == 1
    assert walk.waits == ["sign:a", "sign:b"]


@pytest.mark.parametrize("seed", range(20))
def test_saving_and_loading_again_changes_nothing(seed: int) -> None:
    """Looking loads; saving what was loaded gives the same rows."""
    from tests.engine.test_compiling import step

    draw = random.Random(seed)
    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    for _ in range(30):
        step(walk, draw)
        seen = engine.look(walk.process, walk.now.state)
        assert (seen.open, seen.listeners, seen.data, seen.ended) == (
            walk.now.open,
            walk.now.listeners,
            walk.now.data,
            walk.now.ended,
        )
        case = codec.decode(walk.now.state, walk.process.digest, walk.process.new_case())
        assert codec._body(codec.encode(case, walk.process.digest)) == codec._body(walk.now.state)
