"""An advance changes everything it should or nothing at all."""

from __future__ import annotations

import time

import pytest

from huiyin import engine
from huiyin.engine import runtime
from tests.engine.drawing import bpmn, end, flow, fork, script, start, table, user, xor
from tests.engine.matter import MATTER, TABLES
from tests.engine.walking import Walk

SIMPLE = bpmn(
    start(),
    user("ask"),
    xor("way", "way_end"),
    script("count", "n = n + 1"),
    end(),
    end("other", "declined"),
    flow("start > ask > way > end"),
    flow("way > count", "n > 3"),
    flow("count > other"),
)


def test_refuses_a_key_that_is_not_open() -> None:
    walk = Walk(SIMPLE)
    key = walk.now.open[0].key
    walk.do("ask", n=0)
    with pytest.raises(engine.NotAwaited):
        engine.complete(walk.process, walk.now.state, key=key)
    with pytest.raises(engine.NotAwaited):
        engine.complete(walk.process, walk.now.state, key="nonsense")


def test_refuses_a_message_nobody_waits_for() -> None:
    walk = Walk(SIMPLE)
    with pytest.raises(engine.NotAwaited):
        walk.send("withdraw")


def test_reports_a_condition_that_fails_with_its_element() -> None:
    walk = Walk(SIMPLE)
    with pytest.raises(engine.Broken) as broken:
        walk.do("ask")
    assert broken.value.element == "way"
    assert "no fact is called n" in broken.value.what
    assert walk.do("ask", n=5).ended == engine.Ended("other", "declined", "other")
    assert walk.now.data == {"n": 6}


def test_reports_a_gateway_without_outcome() -> None:
    source = bpmn(
        start(),
        user("ask"),
        xor("way"),
        end("a", "answered"),
        end("b", "declined"),
        flow("start > ask > way"),
        flow("way > a", "n == 1"),
        flow("way > b", "n == 2"),
    )
    walk = Walk(source)
    with pytest.raises(engine.Broken) as broken:
        walk.do("ask", n=3)
    assert broken.value.element == "way"
    assert walk.do("ask", n=2).ended is not None


def test_takes_the_first_condition_that_holds_in_the_order_of_the_file() -> None:
    """Not in the order of the boxes on the drawing, which SpiffWorkflow goes by."""
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="0" y="{y}" '
        'width="1" height="1"/>'
        "</bpmndi:BPMNShape>"
        for name, y in (("a", 500), ("b", 10))
    )
    drawing = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><bpmndi:BPMNPlane id="plane" bpmnElement="matter">'
        f"{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    parts = (start(), user("ask"), xor("way"), end("a", "answered"), end("b", "declined"))
    flows = (flow("start > ask > way"), flow("way > a", "n > 1"), flow("way > b", "n > 0"))
    for rest in ("", drawing):
        walk = Walk(bpmn(*parts, *flows, rest=rest))
        assert walk.do("ask", n=2).ended.step_id == "a"  # type: ignore[union-attr]


def test_gives_up_past_its_budget_and_leaves_the_state() -> None:
    source = bpmn(
        start(),
        user("ask"),
        script("zero", "n = 0"),
        xor("again"),
        script("count", "n = n + 1"),
        xor("done", "done_end"),
        end(),
        flow("start > ask > zero > again > count > done > end"),
        flow("done > again", "n < 100"),
    )
    walk = Walk(source)
    state, key = walk.now.state, walk.task("ask").key
    with pytest.raises(engine.Overrun):
        engine.complete(walk.process, state, key=key, budget=engine.Budget(steps=50))
    assert walk.now.state == state
    assert engine.look(walk.process, state).open == walk.now.open
    assert walk.do("ask").ended is not None


def test_a_loop_of_nearly_a_thousand_steps_does_not_end_early() -> None:
    """Deeper than the library's iterator looks, while another branch has already ended."""
    source = bpmn(
        start(),
        fork("split"),
        script("zero", "n = 0"),
        xor("again"),
        script("count", "n = n + 1"),
        xor("done", "done_last"),
        user("last"),
        end("deep"),
        end("quick"),
        flow("start > split > quick"),
        flow("split > zero > again > count > done > last > deep"),
        flow("done > again", "n < 320"),
    )
    walk = Walk(source)
    assert walk.waits == ["last"]
    assert walk.now.ended is None
    walk.do("last")
    assert walk.outcome == "answered"


def test_gives_up_at_its_deadline() -> None:
    process = engine.compile_process(SIMPLE)
    with pytest.raises(engine.Overrun):
        engine.start(process, budget=engine.Budget(seconds=-1))
    with pytest.raises(engine.Overrun):
        engine.start(process, budget=engine.Budget(steps=1))


def test_waiting_for_a_busy_machine_is_not_counted(monkeypatch) -> None:
    source = bpmn(
        start(),
        script("one", "n = 1"),
        script("two", "n = 2"),
        user("ask"),
        end(),
        flow("start > one > two > ask > end"),
    )
    process, step = engine.compile_process(source), runtime.run_task

    def slowly(task: object) -> None:
        time.sleep(0.4)
        step(task)

    monkeypatch.setattr(runtime, "run_task", slowly)
    assert engine.start(process, budget=engine.Budget(seconds=0.5)).open


def test_runs_a_table_by_its_name() -> None:
    source = bpmn(start(), table("decide", "rating"), user("ask"), end(), flow("start > decide > ask > end"))
    walk = Walk(source, TABLES, citizen="bad", deputy=None, round=1)
    assert walk.now.data["verdict"] == "redo"
    with pytest.raises(engine.Broken) as broken:
        engine.start(walk.process, data={}, tables={})
    assert broken.value.element == "decide"


@pytest.mark.parametrize(
    "facts",
    [
        {"typename": "x"},
        {"data_objects": 1},
        {"_x": 1},
        {"a b": 1},
        {"x": object()},
        {"x": {"nested": 1}},
        {"x": [[1]]},
        {"x": float("nan")},
        {"x": 10**16},
        {"x": "y" * 2001},
        {"x": "\ud800"},
        {"x": b"bytes"},
        {f"n{n}": n for n in range(101)},
        {"x": list(range(1001))},
    ],
)
def test_refuses_facts_that_are_not_small_and_plain(facts: dict[str, object]) -> None:
    process = engine.compile_process(SIMPLE)
    with pytest.raises(engine.NotFacts):
        engine.start(process, data=facts)
    walk = Walk(SIMPLE)
    with pytest.raises(engine.NotFacts):
        engine.complete(process, walk.now.state, key=walk.now.open[0].key, data=facts)


def test_a_script_that_makes_no_plain_fact_is_broken() -> None:
    source = bpmn(start(), script("make", 'x = {"a": 1}'), end(), flow("start > make > end"))
    with pytest.raises(engine.Broken) as broken:
        Walk(source)
    assert broken.value.element == "make"


def test_the_callers_facts_stay_the_callers() -> None:
    units = ["u1"]
    walk = Walk(SIMPLE, units=units)
    units.append("u2")
    assert walk.now.data["units"] == ["u1"]


def test_chinese_names_of_facts_work() -> None:
    source = bpmn(
        start(),
        user("评价"),
        xor("判断", "判断_end"),
        end(),
        end("重办", "declined"),
        flow("start > 评价 > 判断 > end"),
        flow("判断 > 重办", '满意度 == "不满意"'),
    )
    walk = Walk(source)
    assert walk.do("评价", 满意度="不满意").ended.step_id == "重办"  # type: ignore[union-attr]


def test_the_real_diagram_needs_its_table() -> None:
    with pytest.raises(engine.Refused) as refused:
        engine.compile_process(MATTER)
    assert [(f.element, f.code) for f in refused.value.findings] == [("decision", "no-such-table")]
