"""Measure in turn, and say what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One line of the report; times in milliseconds, `target` is None for what is only reported."""

    letter: str
    what: str
    value: float
    unit: str
    target: str | None = None
    kept: bool | None = None
    note: str = ""

    def __str__(self) -> str:
        verdict = {True: "✓", False: "✗ MISSED", None: ""}[self.kept]
        wanted = f"(target {self.target})" if self.target else ""
        return f"({self.letter}) {self.what:<62} {self.value:>9.2f} {self.unit:<4} {wanted} {verdict}  {self.note}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)


def at_most(letter: str, what: str, value: float, limit: float, unit: str = "×", note: str = "") -> Figure:
    """A figure that should not be above its target."""
    return Figure(letter, what, value, unit, f"≤ {limit:g}", value <= limit, note)


def at_least(letter: str, what: str, value: float, limit: float, unit: str = "×", note: str = "") -> Figure:
    """A figure that should not be below its target."""
    return Figure(letter, what, value, unit, f"≥ {limit:g}", value >= limit, note)


def reported(letter: str, what: str, value: float, unit: str, note: str = "") -> Figure:
    """A figure without a target."""
    return Figure(letter, what, value, unit, note=note)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def in_turn(works: Sequence[Callable[[], float]], *, each: int, rounds: int = ROUNDS) -> list[float]:
    """
    Let several works take turns and give the median of each one's round medians.

    :param works: each does one turn and says how many milliseconds of it count
    :param each: turns of every work in a round
    """
    medians: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        found: list[list[float]] = [[] for _ in works]
        for _ in range(each):
            for times, work in zip(found, works, strict=True):
                times.append(work())
        for kept, times in zip(medians, found, strict=True):
            kept.append(median(times))
    return [median(times) for times in medians]
