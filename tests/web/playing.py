"""A suggestion played up to a step through the real services, as its first scenario tells it."""

from __future__ import annotations

from datetime import timedelta

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.cases.texts import text_hash
from huiyin.congress import services as congress
from huiyin.core import time_source
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from huiyin.lifecycle.scenarios import moment

SUGGESTION = "suggestion"


def publish(town, kind: str = SUGGESTION):
    received = moment("2026-02-02 08:00")
    return storing.store(bundles.read(kind), town.jurisdiction, version=1, by=None, now=received)


def three_at(town, step: str) -> list[Case]:
    """Three suggestions of one process that wait at a step."""
    definition = publish(town)
    return [play_until(town, step, definition=definition) for _n in range(3)]


def play_until(town, step: str, *, skip: tuple[str, ...] = (), number: int = 0, definition=None) -> Case:
    """The first scenario of suggestions, stopped before a step."""
    bundle = bundles.read(SUGGESTION)
    scenario, now = bundle.scenarios[number], moment("2026-02-02 09:00")
    mover = town.actors["deputy"]
    case = services.start_case(
        definition=definition or publish(town), answers=town.resolve(scenario["report"]),
        place=town.place_for(bundle.levels), by=mover, asker=mover.person, now=now,
    )  # fmt: skip
    for n, act in enumerate(scenario["steps"]):
        now += timedelta(minutes=10)
        if act.get("do") == step:
            break
        if act.get("refused"):
            continue
        with time_source.standing_at(now):
            if "sign" in act:
                congress.sign(case=case, by=town.actors[act["sign"]], now=now, seen_hash=text_hash(case))
            elif "wait" in act:
                now = moment(act["wait"])
            else:
                do(town, case, act["do"], act.get("answers", {}), now, act.get("unit"), key=str(n))
    case.refresh_from_db()
    return case


def do(town, case, step: str, answers: dict, now, unit: str | None = None, key: str = "k") -> None:
    waiting = Task.objects.open().filter(case=case, step_id=step).select_related("case__reporter")
    task = waiting.get(unit=town.units[unit]) if unit else waiting.get()
    services.complete_task(
        task=task, answers=town.resolve(answers), by=town.actor_for(task), now=now, key=f"{step}{key}"
    )


def task_of(case, step: str) -> Task:
    return Task.objects.open().get(case=case, step_id=step)
