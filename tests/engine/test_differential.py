"""Random walks, saved after every step: the stock path and ours agree wherever the stock path is right."""

from __future__ import annotations

import random
from html import escape
from itertools import count

import pytest

from huiyin import engine
from huiyin.engine import codec
from tests.engine.drawing import boundary, bpmn, end, flow, fork, script, start, sub, table, user, xor
from tests.engine.matter import MATTER
from tests.engine.random_diagrams import Again, Block, Both, diagram, grown
from tests.engine.stock import StockWalk
from tests.engine.walking import Walk

# The library's DMN engine is not ours; the decision is the same as a script.
DECISION = (
    'verdict = "unrated" if citizen is None and deputy is None else '
    '("redo" if citizen == "bad" or deputy == "bad" else "satisfied")'
)
SCRIPTED = MATTER.replace(table("decision", "rating").encode(), script("decision", DECISION).encode())
assert SCRIPTED != MATTER
assert escape(DECISION).encode() in SCRIPTED

FORKED = bpmn(
    start(),
    user("first"),
    fork("f"),
    user("a"),
    xor("pick", "pick_c"),
    user("b"),
    user("c"),
    xor("m"),
    sub(
        "inner",
        start("s"),
        user("d"),
        script("mark", "d = 1"),
        user("e"),
        end("ie", None),
        flow("s > d > mark > e > ie"),
    ),
    fork("j"),
    user("last"),
    end(),
    end("cut_end", "withdrawn", terminate=True),
    boundary("cut", "inner", "withdraw"),
    flow("start > first > f > a > j > last > end"),
    flow("f > pick > c > m > j"),
    flow("pick > b", "accept"),
    flow("b > m"),
    flow("f > inner > j"),
    flow("cut > cut_end"),
    messages=("withdraw",),
)
# Names that the stock multi-instance leaks into its parent; ours keeps them inside.
LEAKS = {"assignment", "objects", "upheld"}


# Facts that steps decide upon; every other step says something under a name of its own, for the stock join
# lets the last branch's old copy of a fact overwrite what another branch has changed (see probes).
SAYS = {
    "first": ["accept"],
    "screen": ["accept"],
    "dispatch": ["route", "assignments"],
    "citizen_rate": ["citizen"],
    "unrated": ["citizen"],
    "study": ["round", "route"],
}


def facts(draw: random.Random, step: str, once: bool) -> dict[str, object]:
    drawn: dict[str, object] = {
        "accept": draw.random() < 0.9,
        "route": draw.choice(["units", "deputy", "station"] if once else ["deputy", "station"]),
        "assignments": ["a", "b", "c"],
        "citizen": draw.choice(["good", "bad", None]),
        "round": draw.choice([1, 2, 3]),
    }
    return {name: drawn[name] for name in SAYS.get(step, [])} or {f"said_{step}": draw.random()}


def data_of(walk: Walk) -> list[tuple[str, dict[str, object]]]:
    case = codec.decode(walk.now.state, walk.process.digest, walk.process.new_case())
    found = (
        (t.task_spec.bpmn_id, {k: v for k, v in t.data.items() if k not in LEAKS}) for t in case.user_tasks()
    )
    return sorted(found, key=str)


def stock_data(stock: StockWalk) -> list[tuple[str, dict[str, object]]]:
    found = (
        (t.task_spec.bpmn_id, {k: v for k, v in t.data.items() if k not in LEAKS}) for t in stock.ready()
    )
    return sorted(found, key=str)


def walked(source: bytes, seed: int, messages: tuple[str, ...]) -> int:
    """How many steps both went together."""
    draw = random.Random(seed)
    given = {"round": 1, "has_deputy": False, "citizen": None, "deputy": None}
    ours, stock = Walk(source, **given), StockWalk(source, **given)  # type: ignore[arg-type]
    many, steps = True, 0
    for _ in range(25):
        assert sorted(t.step_id for t in ours.now.open) == stock.waits
        assert data_of(ours) == stock_data(stock)
        assert (ours.now.ended is not None) == stock.workflow.is_completed()
        if ours.now.ended:
            break
        known = {listener.message for listener in ours.now.listeners} & set(messages)
        if known and draw.random() < 0.12:
            message = draw.choice(sorted(known))
            ours.send(message)
            stock.send(message)
        else:
            task = draw.choice(sorted(ours.now.open, key=lambda t: (t.step_id, t.item or "")))
            # The stock multi-instance cannot run twice: the item it leaked "already exists".
            if task.item is not None:
                values: dict[str, object] = {"objects": draw.random() < 0.3, "upheld": draw.random() < 0.5}
                many = False
            else:
                values = facts(draw, task.step_id, many)
            ours.do(task.step_id, task.item, **values)
            stock.do(task.step_id, task.item, **values)
        steps += 1
    return steps


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("source", [SCRIPTED, FORKED], ids=["matter", "forked"])
def test_the_same_tasks_data_and_ends(source: bytes, seed: int) -> None:
    assert walked(source, seed, ("withdraw", "rate.expired", "reopen.expired")) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12, 200))
@pytest.mark.parametrize("source", [SCRIPTED, FORKED], ids=["matter", "forked"])
def test_the_same_tasks_data_and_ends_in_many_walks(source: bytes, seed: int) -> None:
    assert walked(source, seed, ("withdraw", "rate.expired", "reopen.expired")) > 0


def joins_again(block: Block, looped: bool = False) -> bool:
    """Whether a parallel join lies in a loop, where the stock path is known to be wrong (see probes)."""
    if looped and isinstance(block, Both):
        return True
    return any(joins_again(part, looped or isinstance(block, Again)) for part in block.parts)


def both_lived(seed: int) -> int:
    """How many steps both paths went together through a random diagram; 0 where there is nothing to compare."""
    draw = random.Random(seed)
    block = grown(draw, count(1))
    source = diagram(block)
    if joins_again(block) or engine.check(source):
        return 0
    ours, stock = Walk(source), StockWalk(source)
    for steps in range(25):
        assert sorted(t.step_id for t in ours.now.open) == stock.waits
        assert data_of(ours) == stock_data(stock)
        assert (ours.now.ended is not None) == stock.workflow.is_completed()
        if ours.now.ended:
            return steps
        step, pick = draw.choice(ours.waits), draw.random() < 0.4
        ours.do(step, **{f"pick_{step}": pick})
        stock.do(step, **{f"pick_{step}": pick})
    return 25


@pytest.mark.parametrize("part", range(8))
def test_the_same_in_random_diagrams(part: int) -> None:
    """200 diagrams that are compared, of the 400 that are drawn."""
    assert sum(both_lived(seed) > 0 for seed in range(part * 50, part * 50 + 50)) >= 25


def test_both_are_publishable() -> None:
    assert engine.check(SCRIPTED) == engine.check(FORKED) == []
