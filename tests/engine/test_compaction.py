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


def test_three_thousand_completions_with_a_hundred_and_fifty_reworks_stay_correct_and_flat() -> None:
    """Twenty completions a round: three units sign, object, are ruled on and sign again, then work, answer and are rated."""
    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    walk.do("screen", accept=True)
    walk.do("dispatch", route="units", assignments=["a", "b", "c"])
    done, sizes = 2, []
    for _turn in range(150):
        for item in "abc":
            walk.do("sign", item, objects=True)
            walk.do("ruling", item, upheld=True)
        for item in "cab":
            walk.do("sign", item, objects=True)
            walk.do("ruling", item, upheld=False)
            walk.do("work", item)
        assert walk.waits == ["reply"]  # one join of three parts, in every round
        walk.do("reply")
        assert walk.waits == ["citizen_rate", "deputy_rate"]
        walk.do("deputy_rate", deputy="bad")
        walk.do("citizen_rate", citizen="good")
        assert walk.waits == ["study"]
        walk.do("study", round=1)
        assert walk.waits == ["sign:a", "sign:b", "sign:c"]
        done += 19
        sizes.append(len(walk.now.state))
    while done < 3_000:
        walk.do("sign", "a", objects=True)
        walk.do("ruling", "a", upheld=True)
        done += 2
    assert done >= 3_000
    assert max(sizes) - min(sizes) < 60
    assert walk.waits == ["sign:a", "sign:b", "sign:c"]
    for item in "abc":
        walk.do("sign", item, objects=False)
        walk.do("work", item)
    walk.do("reply")
    walk.do("deputy_rate", deputy="good")
    walk.do("citizen_rate", citizen="good")
    walk.send("reopen.expired")
    assert walk.outcome == "answered"


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
