"""Embedded sub-processes hand on their facts, and are interrupted whole."""

from __future__ import annotations

import pytest

from huiyin import engine
from tests.engine.drawing import boundary, bpmn, end, flow, fork, start, sub, user
from tests.engine.walking import Walk

INNER = sub("inner", start("is"), user("deep"), end("ie", None), flow("is > deep > ie"))
OUTER = sub(
    "outer",
    start("os"),
    fork("f"),
    user("side"),
    INNER,
    fork("j"),
    end("oe", None),
    flow("os > f > side > j > oe"),
    flow("f > inner > j"),
    boundary("cut", "inner", "cut"),
    user("instead"),
    end("cut_end", None, terminate=True),
    flow("cut > instead > cut_end"),
)
NESTED = bpmn(
    start(),
    OUTER,
    user("after"),
    end(),
    boundary("stop", "outer", "stop"),
    end("stopped", "withdrawn", terminate=True),
    flow("start > outer > after > end"),
    flow("stop > stopped"),
    messages=("cut", "stop"),
)


def test_facts_set_inside_reach_the_parent() -> None:
    walk = Walk(NESTED, a=0)
    walk.do("deep", a=1, b=2)
    walk.do("side", c=3)
    assert walk.waits == ["after"]
    assert walk.now.data == {"a": 1, "b": 2, "c": 3}


def test_facts_inside_are_seen_while_it_runs() -> None:
    walk = Walk(NESTED, a=0)
    walk.do("deep", a=1)
    assert walk.now.data == {"a": 1}


def test_a_terminate_end_inside_ends_only_its_sub_process() -> None:
    walk = Walk(NESTED)
    walk.send("cut", note="x")
    assert walk.waits == ["instead", "side"]
    walk.do("instead")
    assert walk.waits == ["after"]
    assert walk.now.data == {"note": "x"}


def test_interrupting_the_outer_one_cancels_the_inner_one() -> None:
    walk = Walk(NESTED)
    keys = {task.key for task in walk.now.open}
    walk.send("stop")
    assert walk.outcome == "withdrawn"
    assert set(walk.now.closed) == keys
    assert walk.now.passed == ("stop", "stop_stopped", "stopped")


def test_a_message_does_not_bubble_to_the_frame_around() -> None:
    walk = Walk(NESTED)
    inner = walk.task("deep").frame
    with pytest.raises(engine.NotAwaited):
        walk.send("stop", inner)
    assert walk.waits == ["deep", "side"]
    walk.send("stop", "")
    assert walk.outcome == "withdrawn"


def test_frames_and_keys_stay_the_same_while_others_move() -> None:
    walk = Walk(NESTED)
    before = walk.task("deep")
    walk.do("side")
    assert walk.task("deep") == before
    assert engine.look(walk.process, walk.now.state).open == walk.now.open
