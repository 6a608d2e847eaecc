"""What a run does, from its seed alone: a process, one of its scenarios, perhaps cut short or withdrawn on the way."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.scenarios import moment

#: Processes that citizens or deputies start; a bill's conversion starts a suggestion beside it.
PROCESSES = ("matter", "suggestion", "livelihood", "bill")


@dataclass(frozen=True)
class Life:
    """One case to be: `acts` are steps of a scenario with their moments, played one after the other."""

    seed: int
    process: str
    scenario: str
    place: str | None
    report: dict[str, Any]
    received: str
    acts: tuple[dict[str, Any], ...] = field(default=())
    #: another matter that is reported first, and what is done about it
    also: dict[str, Any] | None = None
    also_acts: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For the way to a worker."""
        return {
            "process": self.process, "place": self.place, "report": self.report, "received": self.received,
        }  # fmt: skip


def life(seed: int) -> Life:
    """The life of a seed."""
    draw = random.Random(seed)
    process = draw.choice(PROCESSES)
    scenario = draw.choice(bundles.read(process).scenarios)
    begun = moment(scenario["received"])
    steps, now, acts = list(scenario["steps"]), begun, []
    if draw.random() < 0.3:
        steps = steps[: draw.randrange(1, len(steps) + 1)]
        if draw.random() < 0.5:
            # Where the diagram lets nobody withdraw, the refusal is the same with and without faults.
            steps.append({"withdraw": "不再需要办理。"})
    for step in steps:
        now = moment(step["wait"]) if "wait" in step else now + timedelta(minutes=10)
        acts += [{**one, "at": now.isoformat()} for one in _single(step)]
    return Life(
        seed=seed, process=process, scenario=f"{process}/{scenario['file']}", place=scenario.get("place"),
        report=scenario["report"], received=begun.isoformat(), acts=tuple(acts), also=scenario.get("also"),
        also_acts=tuple({**step, "at": begun.isoformat()} for step in scenario.get("also_steps", ())),
    )  # fmt: skip


def _single(step: dict[str, Any]) -> list[dict[str, Any]]:
    """A step as acts of one transaction each: only those can be repeated by themselves."""
    if "ballot" not in step:
        return [step]
    votes = [{"cast": number, "for": number < step["ballot"]} for number in range(6)]
    return [{"prepare": True}, {"open": True}, *votes, {"count": True}]
