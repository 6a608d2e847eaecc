"""A parallel join fires once every branch has come, in every round and every order."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from huiyin import engine
from tests.engine.drawing import bpmn, end, flow, fork, start, user, xor
from tests.engine.walking import Walk

REWORK = bpmn(
    start(),
    xor("again"),
    fork("split"),
    user("a"),
    user("b"),
    user("c"),
    fork("join"),
    user("judge"),
    xor("good", "good_end"),
    end(),
    flow("start > again > split > a > join > judge > good > end"),
    flow("split > b > join"),
    flow("split > c > join"),
    flow("good > again", "redo"),
)


def test_all_orders_of_three_branches_over_four_rounds() -> None:
    walk = Walk(REWORK)
    states = [walk.now]
    rounds = 0
    for _ in range(4):
        following = []
        for state, order in product(states, permutations("abc")):
            walk.now = state
            for n, step in enumerate(order):
                assert walk.waits == sorted(order[n:])
                walk.do(step, **{step: f"{step}{rounds}"})
            assert walk.waits == ["judge"]
            assert [walk.now.data[s] for s in order] == [f"{s}{rounds}" for s in order]
            walk.do("judge", redo=True)
            assert walk.waits == ["a", "b", "c"]
            following.append(walk.now)
            rounds += 1
        states = following
    assert rounds == 6 + 36 + 216 + 1296


def test_ends_after_a_last_good_round() -> None:
    walk = Walk(REWORK)
    for step in "cab":
        walk.do(step)
    walk.do("judge", redo=False)
    assert walk.outcome == "answered"


def test_an_old_copy_of_a_fact_does_not_overwrite_a_new_value() -> None:
    walk = Walk(REWORK, seen="before", units=["x", "y", "z"])
    walk.do("a", seen="after", units=["x"])
    walk.do("b")
    walk.do("c", other=1)
    assert walk.now.data == {"seen": "after", "units": ["x"], "other": 1}


def test_the_later_arrival_counts_when_two_branches_change_the_same_fact() -> None:
    for order in permutations("abc"):
        walk = Walk(REWORK, word="old")
        for step in order:
            walk.do(step, word=step)
        assert walk.now.data["word"] == order[-1]


def test_a_list_is_taken_whole() -> None:
    walk = Walk(REWORK, list=[1, 2])
    walk.do("a", list=[1, 2, 3, 4])
    walk.do("c")
    walk.do("b")
    assert walk.now.data["list"] == [1, 2, 3, 4]


BRANCH_LOOP = bpmn(
    start(),
    fork("split"),
    user("slow"),
    xor("more"),
    user("quick"),
    xor("enough", "enough_join"),
    fork("join"),
    user("after"),
    end(),
    flow("start > split > slow > join > after > end"),
    flow("split > more > quick > enough > join"),
    flow("enough > more", "redo"),
)


def test_a_branch_may_loop_while_the_other_waits() -> None:
    walk = Walk(BRANCH_LOOP)
    sizes = []
    for n in range(40):
        walk.do("quick", redo=True, n=n)
        sizes.append(len(walk.now.state))
    assert max(sizes[5:]) - min(sizes[5:]) < 40
    walk.do("slow")
    assert walk.waits == ["quick"]
    walk.do("quick", redo=False)
    assert walk.waits == ["after"]
    assert walk.now.data == {"redo": False, "n": 39}


NESTED = bpmn(
    start(),
    fork("f1"),
    user("a"),
    fork("f2"),
    user("b"),
    user("c"),
    fork("j2"),
    user("d"),
    fork("j1"),
    user("judge"),
    xor("good", "good_end"),
    xor("again"),
    end(),
    flow("start > again > f1 > a > j1 > judge > good > end"),
    flow("f1 > f2 > b > j2 > d > j1"),
    flow("f2 > c > j2"),
    flow("good > again", "redo"),
)


@pytest.mark.parametrize("order", [o for o in permutations("abcd") if o.index("d") > max(map(o.index, "bc"))])
def test_a_fork_within_a_fork_joins_inside_out(order: tuple[str, ...]) -> None:
    walk = Walk(NESTED)
    for redo in (True, True, False):
        for step in order:
            assert step in walk.waits
            walk.do(step, **{step: redo})
        assert walk.waits == ["judge"]
        walk.do("judge", redo=redo)
    assert walk.outcome == "answered"


def test_a_fork_may_end_in_two_ends() -> None:
    source = bpmn(
        start(),
        fork("split"),
        user("a"),
        user("b"),
        end("end_a", "answered"),
        end("end_b", "answered"),
        flow("start > split > a > end_a"),
        flow("split > b > end_b"),
    )
    walk = Walk(source)
    walk.do("b", b=1)
    assert walk.now.ended is None
    assert walk.waits == ["a"]
    walk.do("a", a=1)
    assert walk.outcome == "answered"
    assert walk.now.data == {"a": 1, "b": 1}
    assert engine.look(walk.process, walk.now.state).ended == walk.now.ended
