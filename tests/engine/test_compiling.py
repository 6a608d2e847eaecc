"""A compiled process is cached, immutable and shared by its cases."""

from __future__ import annotations

import random

import pytest

from huiyin import engine
from huiyin.engine import parsing
from huiyin.engine.compiling import _compiled
from tests.engine.drawing import bpmn, end, flow, start, user
from tests.engine.matter import MATTER, TABLES
from tests.engine.walking import Walk


def test_the_same_bytes_give_the_same_process() -> None:
    assert engine.compile_process(MATTER, tables=TABLES) is engine.compile_process(
        bytearray(MATTER), tables=TABLES
    )


def test_other_bytes_give_another_digest() -> None:
    other = MATTER.replace(b'name="Matter"', b'name="Other"')
    assert (
        engine.compile_process(MATTER, tables=TABLES).digest
        != engine.compile_process(other, tables=TABLES).digest
    )


def step(walk: Walk, draw: random.Random) -> None:
    """One random move; the same draws give the same moves on any walk in the same state."""
    if walk.now.ended:
        return
    if draw.random() < 0.1 and walk.now.listeners:
        listener = sorted(walk.now.listeners, key=lambda x: x.step_id)[0]
        walk.send(listener.message, listener.frame)
        return
    task = draw.choice(sorted(walk.now.open, key=lambda t: (t.step_id, t.item or "")))
    walk.do(
        task.step_id,
        task.item,
        accept=draw.random() < 0.9,
        objects=draw.random() < 0.3,
        upheld=draw.random() < 0.5,
        route=draw.choice(["units", "deputy", "station"]),
        assignments=["a", "b", "c"][: draw.randrange(4)],
        citizen=draw.choice(["good", "bad", None]),
        deputy=draw.choice(["good", "bad", None]),
    )


@pytest.mark.parametrize("seed", range(30))
def test_two_interleaved_cases_on_one_spec_run_as_two_on_their_own(seed: int) -> None:
    facts = {"round": 1, "has_deputy": True, "citizen": None, "deputy": None}
    shared = [Walk(MATTER, TABLES, **facts) for _ in range(2)]
    alone = []
    for _ in range(2):
        _compiled.cache_clear()
        alone.append(Walk(MATTER, TABLES, **facts))
    assert shared[0].process is shared[1].process
    assert alone[0].process is not alone[1].process
    turns = random.Random(seed)
    draws = [[random.Random(f"{seed}-{n}") for n in range(2)] for _ in range(2)]
    for _ in range(25):
        which = turns.randrange(2)
        step(shared[which], draws[0][which])
        step(alone[which], draws[1][which])
        assert shared[which].waits == alone[which].waits
        assert shared[which].now.data == alone[which].now.data
        assert shared[which].now.ended == alone[which].now.ended


def test_a_chain_of_two_hundred_nodes_compiles_and_runs() -> None:
    names = [f"t{n}" for n in range(198)]
    walk = Walk(bpmn(start(), *map(user, names), end(), flow(" > ".join(["start", *names, "end"]))))
    for name in names:
        walk.do(name)
    assert walk.outcome == "answered"


def test_what_the_library_cannot_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last net: were the lint to let something through, it still becomes a finding."""
    from huiyin.engine import lint

    monkeypatch.setattr(lint, "findings", lambda drawing, *_: [])
    source = bpmn(start(), "<complexGateway id='c'/>", end(), flow("start > c > end"))
    assert [f.code for f in engine.check(source)] == ["unreadable"]
    source = bpmn(start(), "<manualTask id='c'/>", end(), flow("start > c > end"))
    with pytest.raises((engine.Refused, TypeError, AttributeError, KeyError)):
        engine.compile_process(source)


def test_only_our_own_classes_run() -> None:
    case = engine.compile_process(MATTER, tables=TABLES).new_case()
    specs = [s for spec in (case.spec, *case.subprocess_specs.values()) for s in spec.task_specs.values()]
    assert {type(s).__module__.partition(".")[0] for s in specs} == {"huiyin"}
    assert {ours for _, ours, _ in parsing.SWAPS} >= {type(s) for s in specs}
