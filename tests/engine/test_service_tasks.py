"""A service task waits in the case until it is told what came of its call; the engine itself calls nothing."""

from __future__ import annotations

import pytest

from huiyin import engine
from tests.engine.drawing import boundary, bpmn, end, flow, fork, service, start, sub, user, xor

CALLING = bpmn(
    start(), service("send", result="sent"), xor("x", "x_end"), end(), user("by_hand"), end("e2"),
    flow("start > send > x > end"), flow("x > by_hand", 'sent != "done"'), flow("by_hand > e2"),
)  # fmt: skip


def test_the_case_waits_for_the_call_and_goes_on_with_its_result():
    process = engine.compile_process(CALLING)
    begun = engine.start(process)
    (call,) = begun.open
    assert process.steps[call.step_id].kind == "serviceTask"
    assert begun.ended is None
    done = engine.complete(process, begun.state, key=call.key, data={"sent": "done"})
    assert done.ended is not None
    failed = engine.complete(process, begun.state, key=call.key, data={"sent": "skipped"})
    assert [task.step_id for task in failed.open] == ["by_hand"]


def test_a_result_comes_once():
    process = engine.compile_process(CALLING)
    begun = engine.start(process)
    (call,) = begun.open
    after = engine.complete(process, begun.state, key=call.key, data={"sent": "skipped"})
    with pytest.raises(engine.NotAwaited):
        engine.complete(process, after.state, key=call.key, data={"sent": "skipped"})


def test_a_call_is_taken_back_with_the_part_it_lives_in():
    inner = (start("s"), service("send"), end("e", None), flow("s > send > e"))
    process = engine.compile_process(
        bpmn(
            start(), sub("part", *inner), boundary("b", "part", "withdraw"), end(), end("gone", "withdrawn"),
            flow("start > part > end"), flow("b > gone"), messages=("withdraw",),
        )
    )  # fmt: skip
    begun = engine.start(process)
    (call,) = begun.open
    withdrawn = engine.deliver(process, begun.state, message="withdraw")
    assert withdrawn.closed == (call.key,)
    assert withdrawn.ended is not None


def test_people_go_on_beside_a_call():
    process = engine.compile_process(
        bpmn(
            start(), fork("f"), service("send"), user("a"), fork("j"), end(),
            flow("start > f > send > j > end"), flow("f > a > j"),
        )
    )  # fmt: skip
    begun = engine.start(process)
    keys = {task.step_id: task.key for task in begun.open}
    after = engine.complete(process, begun.state, key=keys["a"])
    assert [task.step_id for task in after.open] == ["send"]
    assert engine.complete(process, after.state, key=keys["send"]).ended is not None
