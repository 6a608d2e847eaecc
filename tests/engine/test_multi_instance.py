"""A multi-instance sub-process runs once per item, and what an instance learns stays inside."""

from __future__ import annotations

from itertools import permutations

import pytest

from huiyin import engine
from tests.engine.drawing import boundary, bpmn, end, flow, script, start, sub, user, xor
from tests.engine.walking import Walk


def co(*more: str) -> str:
    return sub(
        "co",
        start("s"),
        user("work"),
        script("note", "mine = assignment + '!'\nlist = [assignment]"),
        user("check"),
        end("e", None),
        flow("s > work > note > check > e"),
        *more,
        over="assignments",
    )


CO = bpmn(start(), co(), user("after"), end(), flow("start > co > after > end"))


ROUTED = bpmn(
    start(),
    sub(
        "co",
        start("s"),
        xor("who", "who_other"),
        user("mine"),
        user("other"),
        end("e", None),
        flow("s > who > other > e"),
        flow("who > mine", "assignment == favourite"),
        flow("mine > e"),
        over="assignments",
    ),
    end(),
    flow("start > co > end"),
)


def test_each_instance_sees_its_item_and_the_facts_around_it() -> None:
    walk = Walk(ROUTED, assignments=["u1", "u2"], favourite="u2")
    assert walk.waits == ["mine:u2", "other:u1"]


def test_an_instance_sees_its_own_item_even_if_a_fact_has_that_name() -> None:
    walk = Walk(ROUTED, assignments=["u1", "u2"], favourite="u2", assignment="parent")
    assert walk.waits == ["mine:u2", "other:u1"]
    assert walk.now.data["assignment"] == "parent"


def test_it_is_passed_once_and_its_steps_once_an_instance() -> None:
    passed = Walk(ROUTED, assignments=["u1", "u2"], favourite="u2").now.passed
    assert [passed.count(step) for step in ("co", "s", "who", "who_mine", "who_other")] == [1, 2, 2, 1, 1]


@pytest.mark.parametrize("order", list(permutations(["u1", "u2", "u3"])))
def test_instances_finish_in_any_order_and_leak_nothing(order: tuple[str, ...]) -> None:
    walk = Walk(CO, assignments=["u1", "u2", "u3"], list=["a", "b", "c"], mine="parent")
    for item in order:
        walk.do("work", item, answer=item)
    for item in reversed(order):
        assert walk.now.data == {"assignments": ["u1", "u2", "u3"], "list": ["a", "b", "c"], "mine": "parent"}
        walk.do("check", item)
    assert walk.waits == ["after"]
    assert walk.now.data == {"assignments": ["u1", "u2", "u3"], "list": ["a", "b", "c"], "mine": "parent"}


def test_no_items_pass_straight_through() -> None:
    assert Walk(CO, assignments=[]).waits == ["after"]


@pytest.mark.parametrize(
    "items", [None, "u1", [1], ["u1", "u1"], [""], [f"u{n}" for n in range(201)], ["u", None]]
)
def test_refuses_anything_but_a_list_of_different_ids(items: object) -> None:
    with pytest.raises(engine.Broken) as broken:
        Walk(CO, assignments=items)
    assert broken.value.element == "co"


def test_refuses_to_run_without_its_list() -> None:
    with pytest.raises(engine.Broken):
        Walk(CO)


def test_runs_two_hundred_instances() -> None:
    walk = Walk(CO, assignments=[f"u{n}" for n in range(200)])
    assert len(walk.now.open) == 200
    walk.do("work", "u77")
    assert len(walk.now.open) == 200
    assert len({task.frame for task in walk.now.open}) == 200


def test_a_message_reaches_one_instance_only() -> None:
    source = bpmn(
        start(),
        co(boundary("late", "work", "co.expired"), user("remind"), flow("late > remind > e")),
        end(),
        flow("start > co > end"),
        messages=("co.expired",),
    )
    walk = Walk(source, assignments=["u1", "u2", "u3"])
    assert len(walk.now.listeners) == 3
    with pytest.raises(engine.NotAwaited, match="several frames"):
        walk.send("co.expired")
    frame = walk.task("work", "u2").frame
    walk.send("co.expired", frame)
    assert walk.waits == ["remind:u2", "work:u1", "work:u3"]
    with pytest.raises(engine.NotAwaited):
        walk.send("co.expired", frame)
    with pytest.raises(engine.NotAwaited):
        walk.send("co.expired", "")


def test_interrupting_it_cancels_every_instance() -> None:
    source = bpmn(
        start(),
        co(),
        boundary("stop", "co", "stop"),
        user("after"),
        end(),
        end("stopped", "withdrawn"),
        flow("start > co > after > end"),
        flow("stop > stopped"),
        messages=("stop",),
    )
    walk = Walk(source, assignments=["u1", "u2", "u3"])
    walk.do("work", "u2")
    keys = {task.key for task in walk.now.open}
    walk.send("stop")
    assert walk.outcome == "withdrawn"
    assert set(walk.now.closed) == keys


def test_an_instance_may_hold_another_multi_instance() -> None:
    inner = sub(
        "inner", start("is"), user("deep"), end("ie", None), flow("is > deep > ie"), over="l", item="leaf"
    )
    outer = sub("outer", start("os"), inner, end("oe", None), flow("os > inner > oe"), over="t", item="twig")
    walk = Walk(bpmn(start(), outer, end(), flow("start > outer > end")), t=["a", "b"], l=["x", "y"])
    assert walk.waits == ["deep:x", "deep:x", "deep:y", "deep:y"]
    while walk.now.open:
        walk.now = engine.complete(walk.process, walk.now.state, key=walk.now.open[-1].key)
    assert walk.outcome == "answered"


def test_a_task_in_a_plain_sub_process_of_an_instance_has_the_instances_item() -> None:
    plain = sub("plain", start("ps"), user("deep"), end("pe", None), flow("ps > deep > pe"))
    outer = sub("outer", start("os"), plain, end("oe", None), flow("os > plain > oe"), over="t", item="twig")
    walk = Walk(bpmn(start(), outer, end(), flow("start > outer > end")), t=["a", "b"])
    assert walk.waits == ["deep:a", "deep:b"]
