"""What has happened on every way to an end: here a reply (1) and after it the chance to rate (2)."""

from __future__ import annotations

import pytest

from huiyin import engine
from huiyin.engine import passing
from tests.engine.drawing import boundary, bpmn, end, flow, fork, start, sub, user, xor

EVENTS = engine.Events(
    done={"reply": {0: 1, 2: 1}, "again": {0: 1, 2: 1}},
    waited={"rate": {1: 2}},
    caught={"withdrawn": {0: 9, 1: 9, 2: 9}},
)


def states(*parts: str, closing: tuple[str, ...] = ()) -> dict[str, set[int]]:
    """The states in which each end is reached."""
    process = engine.compile_process(bpmn(*parts, messages=("late", "withdraw")))
    found: dict[str, set[int]] = {}
    for arrival in engine.arrivals(process.steps, process.flows, EVENTS, closing):
        found.setdefault(arrival.step, set()).add(arrival.state)
    return found


def row(name: str, *ids: str, over: str | None = None) -> str:
    path = " > ".join([f"{name}_s", *ids, f"{name}_e"])
    return sub(name, start(f"{name}_s"), *map(user, ids), end(f"{name}_e", None), flow(path), over=over)


def test_counts_what_lies_on_the_way_in_its_order() -> None:
    reply, rate = user("reply"), user("rate")
    assert states(start(), reply, rate, end(), flow("start > reply > rate > end")) == {"end": {2}}
    assert states(start(), reply, rate, end(), flow("start > rate > reply > end")) == {"end": {1}}
    again = user("again")
    assert states(start(), reply, rate, again, end(), flow("start > reply > rate > again > end")) == {
        "end": {1}
    }


def test_a_choice_may_go_around() -> None:
    parts = (
        start(),
        xor("x", "x_reply"),
        user("reply"),
        end(),
        flow("start > x > reply > end"),
        flow("x > end", "p"),
    )
    assert states(*parts) == {"end": {0, 1}}


def test_a_fork_takes_all_its_ways() -> None:
    parts = (start(), fork("f"), user("reply"), user("other"), fork("j"), user("rate"), end())
    ways = (flow("start > f > reply > j > rate > end"), flow("f > other > j"))
    assert states(*parts, *ways) == {"end": {2}}
    beside = (flow("start > f > reply > j > end"), flow("f > rate > j"))
    assert states(*(part for part in parts if part != user("other")), *beside) == {"end": {1, 2}}


def test_many_instances_may_be_none() -> None:
    assert states(start(), row("s", "reply", over="list"), end(), flow("start > s > end")) == {"end": {0, 1}}
    assert states(start(), row("s", "reply"), end(), flow("start > s > end")) == {"end": {1}}


def test_a_chance_that_lapses_was_a_chance() -> None:
    lapses = (start(), user("reply"), user("rate"), boundary("b", "rate", "late"), end(), end("e2"))
    assert states(*lapses, flow("start > reply > rate > end"), flow("b > e2")) == {"end": {2}, "e2": {2}}


def test_a_sub_process_is_interrupted_where_it_waits() -> None:
    """At the first step nobody has answered yet; at the second the chance to rate is open."""
    parts = (start(), row("s", "reply", "rate"), boundary("b", "s", "late"), end(), end("e2"))
    assert states(*parts, flow("start > s > end"), flow("b > e2")) == {"end": {2}, "e2": {0, 2}}
    one = (start(), user("reply"), row("s", "rate"), boundary("b", "s", "late"), end(), end("e2"))
    assert states(*one, flow("start > reply > s > end"), flow("b > e2")) == {"end": {2}, "e2": {2}}


def test_interrupting_within_a_sub_process_within_a_sub_process() -> None:
    inner = row("i", "reply", "other")
    outer = sub("s", start("s_s"), inner, end("s_e", None), flow("s_s > i > s_e"))
    parts = (start(), outer, boundary("b", "s", "late"), end(), end("e2"))
    assert states(*parts, flow("start > s > end"), flow("b > e2")) == {"end": {1}, "e2": {0, 1}}


def test_a_sub_process_that_changes_nothing_still_waits() -> None:
    inner = row("i", "other")
    steps = (start("s_s"), user("reply"), inner, user("rate"), end("s_e", None))
    outer = sub("s", *steps, flow("s_s > reply > i > rate > s_e"))
    parts = (start(), outer, boundary("b", "s", "late"), end(), end("e2"))
    assert states(*parts, flow("start > s > end"), flow("b > e2")) == {"end": {2}, "e2": {0, 1, 2}}


def test_a_closing_is_seen_beside_work_that_goes_on() -> None:
    loop = (xor("m"), user("o"), user("p"), xor("x", "x_j"))
    parts = (start(), user("reply"), fork("f"), user("rate"), *loop, fork("j"), end())
    ways = (
        flow("start > reply > f > rate > j > end"),
        flow("f > m > o > p > x > j"),
        flow("x > m", "again"),
    )
    assert states(*parts, *ways, closing=("rate",)) == {"end": {2}, "rate": {1}}


def test_catching_a_message_counts() -> None:
    parts = (start(), user("reply"), boundary("withdrawn", "reply", "withdraw"), end(), end("e2"))
    assert states(*parts, flow("start > reply > end"), flow("withdrawn > e2")) == {"end": {1}, "e2": {9}}


def test_a_task_that_closes_is_looked_at_when_it_opens() -> None:
    parts = (start(), user("reply"), user("rate"), end(), flow("start > reply > rate > end"))
    assert states(*parts, closing=("rate",)) == {"end": {2}, "rate": {1}}


def test_tells_the_way() -> None:
    process = engine.compile_process(
        bpmn(start(), user("reply"), user("rate"), end(), flow("start > reply > rate > end"))
    )
    (arrival,) = engine.arrivals(process.steps, process.flows, EVENTS)
    assert arrival.path == "start → reply → rate → end"


def test_gives_up_past_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "MAX_STATES", 3)
    process = engine.compile_process(
        bpmn(start(), user("reply"), user("rate"), end(), flow("start > reply > rate > end"))
    )
    with pytest.raises(engine.TooEntangled) as raised:
        engine.arrivals(process.steps, process.flows, EVENTS)
    assert raised.value.finding.code == "too-entangled"


def test_only_the_last_steps_before_an_end_are_asked_about() -> None:
    inner = sub("s", start("s_s"), user("b"), user("c"), end("s_e", None), flow("s_s > b > c > s_e"))
    many = row("m", "d", over="list")
    parts = (start(), user("a"), inner, many, fork("f"), fork("j"), user("e"), end())
    ways = (flow("start > a > s > m > f > j > end"), flow("f > e > j"))
    process = engine.compile_process(bpmn(*parts, *ways))
    asked = {"a", "b", "c", "d", "e"}
    assert engine.last_before(process.steps, process.flows, ["end"], asked) == {"c", "d", "e"}
    assert engine.last_before(process.steps, process.flows, ["d"], asked) == {"c"}
    assert engine.last_before(process.steps, process.flows, ["b"], asked) == {"a"}
