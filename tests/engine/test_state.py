"""The saved state is a small cursor that only its own format and diagram can read."""

from __future__ import annotations

import random

import orjson
import pytest
import zstandard

from huiyin import engine
from huiyin.engine import codec
from tests.engine.drawing import bpmn, end, flow, start, user
from tests.engine.matter import MATTER, TABLES
from tests.engine.test_differential_shipped import decided_by, drawn
from tests.engine.walking import Walk

ONE = bpmn(start(), user("ask"), end(), flow("start > ask > end"))
OTHER = bpmn(start(), user("ask"), end("fin"), flow("start > ask > fin"))


def test_refuses_a_state_of_another_format() -> None:
    walk = Walk(ONE)
    for state in (
        b"",
        b"{}",
        walk.now.state[1:],
        b"HYE\x02" + walk.now.state[4:],
        b'{"serializer_version": "1.1"}',
        b"\x80\x04.",
    ):
        with pytest.raises(engine.ForeignState):
            engine.look(walk.process, state)


def test_refuses_a_damaged_state() -> None:
    walk = Walk(ONE)
    for state in (walk.now.state[:-5], codec.MAGIC + b"nonsense", codec.MAGIC):
        with pytest.raises(engine.ForeignState):
            engine.look(walk.process, state)


def test_refuses_a_state_that_would_blow_up() -> None:
    bomb = codec.MAGIC + zstandard.compress(b'{"of":"' + b"x" * 50_000_000 + b'"}')
    with pytest.raises(engine.ForeignState):
        engine.look(Walk(ONE).process, bomb)


def test_refuses_a_state_of_another_diagram() -> None:
    with pytest.raises(engine.ForeignState, match="another diagram"):
        engine.look(Walk(OTHER).process, Walk(ONE).now.state)


def test_holds_no_spec_and_stays_small() -> None:
    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    body = orjson.loads(zstandard.ZstdDecompressor().decompress(walk.now.state[4:], max_output_size=100_000))
    assert set(body) == {"of", "end", "done", "facts", "trees"}
    assert len(walk.now.state) < 700


def test_a_finished_case_keeps_its_end_and_facts_only() -> None:
    walk = Walk(ONE, a=1)
    walk.do("ask", b=2)
    again = engine.look(walk.process, walk.now.state)
    assert again.ended == engine.Ended("end", "answered", "end")
    assert again.data == {"a": 1, "b": 2}
    assert again.open == ()
    with pytest.raises(engine.NotAwaited):
        engine.deliver(walk.process, walk.now.state, message="x")


def test_looking_changes_nothing() -> None:
    walk = Walk(ONE)
    seen = engine.look(walk.process, walk.now.state)
    assert seen.state == walk.now.state
    assert (seen.open, seen.opened, seen.closed, seen.passed) == (walk.now.open, (), (), ())


def test_a_suggestion_with_a_lead_and_three_co_handlers_takes_less_than_four_kilobytes() -> None:
    """At every place of fifty random walks; a step that can be recalled keeps the state before it too, so twice is counted."""
    source, ids = (
        drawn("suggestion"),
        ["kx7m2p9q4r6t8w3z", "b5d7f9h2j4l6n8p3", "q2s4u6w8y3a5c7e9", "v9t7r5p3n2l4j6h8"],
    )
    largest = 0
    for seed in range(50):
        draw, values = random.Random(seed), decided_by(engine.compile_process(source))
        known = {**values[True], **values[False], "round": [1]}
        lists = {
            step.collection: ids for step in engine.compile_process(source).steps.values() if step.collection
        }
        walk = Walk(
            source, lead_assignment=ids[0], **{name: found[-1] for name, found in known.items()} | lists
        )
        for _ in range(60):
            largest = max(largest, len(walk.now.state))
            if walk.now.ended is not None:
                break
            task = draw.choice(walk.now.open)
            said = {name: draw.choice(found) for name, found in known.items()}
            walk.do(task.step_id, task.item, **said)
    assert 600 < largest <= 2_048
