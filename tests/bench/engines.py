"""The engine alone, without a database: flat in history, against the stock path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from huiyin import engine
from huiyin.engine import Advance, OpenTask
from tests.bench.measuring import Figure, at_least, at_most, in_turn, reported, timed
from tests.engine.matter import MATTER, TABLES
from tests.engine.stock import StockWalk, reloaded
from tests.engine.test_differential import SCRIPTED
from tests.engine.walking import Walk

GIVEN = {"round": 1, "has_deputy": False, "citizen": None, "deputy": None}
EACH = 40


def figures() -> Iterator[Figure]:
    """Sections b, c and d."""
    yield from _flat()
    yield from _wide()
    yield from _against_stock()


def reworked(units: int, completions: int) -> Walk:
    """A matter handled by so many units, sent back again and again until so many tasks are completed."""
    walk = Walk(MATTER, TABLES, **GIVEN)
    items = [f"unit{number:02}" for number in range(units)]
    walk.do("screen", accept=True)
    walk.do("dispatch", route="units", assignments=items)
    done = 2
    while True:
        for step, facts in (("sign", {"objects": False}), ("work", {})):
            for item in items:
                if step == "work" and item == items[-1] and done >= completions:
                    return walk  # one unit's work is left: its completion joins all the others
                walk.do(step, item, **facts)
                done += 1
        walk.do("reply")
        walk.do("citizen_rate", citizen="bad")
        walk.do("study", round=1)
        done += 3


def _completing(walk: Walk, step: str) -> Callable[[], float]:
    """Complete one task on the saved state, again and again: the state itself never changes."""
    task: OpenTask = next(task for task in walk.now.open if task.step_id == step)
    state = walk.now.state

    def complete() -> Advance:
        return engine.complete(walk.process, state, key=task.key, data={}, tables=walk.tables)

    return partial(timed, complete)


def _flat() -> Iterator[Figure]:
    young, old = reworked(3, 5), reworked(3, 1000)
    few, many = in_turn([_completing(young, "work"), _completing(old, "work")], each=EACH)
    sizes = f"{few:.2f} → {many:.2f} ms, state {len(young.now.state)} → {len(old.now.state)} bytes"
    yield at_most("b", "an advance at 1,000 completed tasks against 5", many / few, 1.1, note=sizes)


def _wide() -> Iterator[Figure]:
    three, twenty = in_turn(
        [_completing(reworked(3, 5), "work"), _completing(reworked(20, 5), "work")], each=EACH
    )
    note = f"{three:.2f} → {twenty:.2f} ms"
    yield reported("c", "an advance with 20 parallel units against 3", twenty / three, "×", note)


def _against_stock() -> Iterator[Figure]:
    for completions, wanted in ((22, 5.0), (300, 25.0)):
        ours, stock = _both(completions)
        own, theirs = in_turn([ours, stock], each=6)
        note = f"{own:.2f} against {theirs:.1f} ms"
        what = f"engine and serializer at {completions} tasks, how many times quicker than the stock ones"
        yield at_least("d", what, theirs / own, wanted, note=note)


def _both(completions: int) -> tuple[Callable[[], float], Callable[[], float]]:
    """
    One matter on both paths, answered by a deputy and sent back until so many tasks are completed.

    One step is: load the saved case, complete a task, run on, save. The stock path saves as the library means it.
    """
    ours, stock = Walk(SCRIPTED, **GIVEN), StockWalk(SCRIPTED, **GIVEN)
    life = _life()
    for _ in range(completions):
        step, facts = next(life)
        ours.do(step, **facts)
        stock.do(step, **facts)
    step, facts = next(life)
    saved = stock.workflow

    def again() -> None:
        # Loaded anew each time, so that the step is always the same.
        stock.workflow = reloaded(saved)
        stock.do(step, **facts)

    def loading() -> None:
        reloaded(saved)

    def stock_step() -> float:
        # `do` saves and loads at its end, as a step does; the load that only puts the case back is taken off.
        return timed(again) - timed(loading)

    return _completing_with(ours, step, facts), stock_step


def _completing_with(walk: Walk, step: str, facts: dict[str, object]) -> Callable[[], float]:
    task, state = walk.task(step), walk.now.state
    return partial(
        timed,
        lambda: engine.complete(walk.process, state, key=task.key, data=facts, tables=walk.tables),
    )


def _life() -> Iterator[tuple[str, dict[str, object]]]:
    yield "screen", {"accept": True}
    yield "dispatch", {"route": "deputy"}
    while True:
        yield "deputy_answer", {}
        yield "reply", {}
        yield "citizen_rate", {"citizen": "bad"}
        yield "study", {"round": 1, "route": "deputy"}
