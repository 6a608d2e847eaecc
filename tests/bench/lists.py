"""Lists and boards over an archive of a million cases against one of ten thousand."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from urllib.parse import quote

from tests.bench import world
from tests.bench.measuring import ROUNDS, Figure, at_most, reported
from tests.bench.worker import Worker

TURNS = 20


def figures(small: str, big: str, sizes: tuple[int, int]) -> Iterator[Figure]:
    """Sections f and g."""
    few, many = Worker(small), Worker(big)
    few.ask("grow", cases=sizes[0])
    many.ask("grow", cases=sizes[1])
    handler, busy = "bench-0", f"bench-{world.UNITS - 1}"
    less, more = _both(few, many, "list", login=handler)
    what = f"the task list's rows as objects with {sizes[1]:,} cases against {sizes[0]:,}"
    yield at_most(
        "f",
        what,
        more / less,
        1.5,
        note=f"{less:.2f} → {more:.2f} ms, {world.OPEN // world.UNITS} open in the unit",
    )
    less, more = _both(few, many, "statement", login=handler)
    yield at_most("f", "the same from the database alone, prepared", more / less, 1.5)
    yield at_most("f", "the same, median", more, 2.0, unit="ms")
    (long_queue,) = _medians([(many, "list", {"login": busy})])
    yield reported("f", f"the same for a unit with {world.BUSY:,} open tasks", long_queue, "ms")
    less, more = _both(few, many, "page", login=handler, path="/tasks/")
    yield at_most(
        "f", "the whole page with its counts and HTML", more / less, 1.5, note=f"{less:.1f} → {more:.1f} ms"
    )
    (board,) = _medians([(many, "board", {"login": "bench-watch"})])
    late = (world.OPEN + world.BUSY) // 2
    what = f"the county's overdue board with {world.UNITS} units"
    yield at_most("g", what, board, 50, unit="ms", note=f"about {late:,} late tasks")
    few.end()
    many.end()


def pages(database: str, cases: int) -> Iterator[Figure]:
    """Section j: whole pages over a county's archive, as the server makes them; a list has its limit, others are reported."""
    worker = Worker(database)
    worker.ask("fill", cases=cases)
    for what, login, path in (
        ("the public list of what was asked and answered", "", "/answers/"),
        ("a search in it", "", f"/answers/?q={quote('路灯')}"),
        ("a handler's work list", "bench-0", "/tasks/"),
        ("a handler's list of cases", "bench-0", "/cases/"),
        ("the supervisor's list of all cases", "bench-watch", "/cases/"),
        ("a search in it by words", "bench-watch", f"/cases/?q={quote('路灯')}"),
        ("a search in it by place", "bench-watch", f"/cases/?q={quote('试跑镇')}"),
    ):
        (took,) = _medians([(worker, "page", {"login": login, "path": path})])
        yield at_most("j", f"{what}, with {cases:,} cases", took, 60, unit="ms")
    for what, login, path in (
        ("a grid of 30 suggestions with their likely duplicates", "bench-office", "/desk/screen/"),
        ("the page of a case", "bench-a", "/cases/{case}/"),
        ("the page of a task", "bench-a", "/tasks/{task}/"),
    ):
        (took,) = _medians([(worker, "page", {"login": login, "path": path})])
        yield reported("j", f"{what}, with {cases:,} cases", took, "ms")
    worker.end()


def _both(few: Worker, many: Worker, do: str, **said: str) -> list[float]:
    return _medians([(few, do, dict(said)), (many, do, dict(said))])


def _medians(asked: list[tuple[Worker, str, dict[str, str]]]) -> list[float]:
    """The median of the medians of five rounds, the workers taking turns."""
    rounds: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for kept, (worker, do, said) in zip(rounds, asked, strict=True):
            kept.append(median(worker.ask(do, turns=TURNS, **said)))
    return [median(times) for times in rounds]
