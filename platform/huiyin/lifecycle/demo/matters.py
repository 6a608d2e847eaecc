"""Play the demo's matters through the real services on a virtual clock, so that every page has something to show."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory import actors, addresses
from huiyin.directory.actors import Actor
from huiyin.directory.models import Account, Jurisdiction, Place, Unit
from huiyin.jobs import services as jobs
from huiyin.lifecycle import virtual
from huiyin.lifecycle.demo.county import HOME_TOWN, SEED
from huiyin.rules import selectors as rules

DATA = Path(__file__).parent / "matters.yaml"
LEADS = {
    "road": "县交通运输局",
    "water": "县水利局",
    "clean": "县综合行政执法局",
    "education": "县教育局",
    "housing": "县住房和城乡建设局",
}
CO = {"road": "县公安局", "water": "县自来水公司", "clean": "县生态环境局", "education": "县市场监督管理局"}

#: How far each play goes: the acts, in order.
HANDLED = ["screen", "dispatch", "sign", "progress", "work", "reply"]
PLAYS: dict[str, list[str]] = {
    "received": [],
    "accepted": ["screen"],
    "dispatched": ["screen", "dispatch"],
    "objected": ["screen", "dispatch", "object"],
    "signed": ["screen", "dispatch", "sign"],
    "working": ["screen", "dispatch", "sign", "progress"],
    "replied": HANDLED,
    "rated": [*HANDLED, "citizen_rate", "deputy_rate"],
    "dissatisfied": [*HANDLED, "citizen_bad", "deputy_rate"],
    "second_round": [
        *HANDLED,
        "citizen_bad",
        "deputy_rate",
        "study",
        "sign",
        "work",
        "reply",
        "citizen_rate",
        "deputy_rate",
    ],
    "declined": ["decline"],
    "withdrawn": ["withdraw"],
}
STEP_OF = {"citizen_bad": "citizen_rate", "decline": "screen", "object": "sign", "progress": "work"}


def play_all(jurisdiction: Jurisdiction, definition: Definition, now: datetime) -> int:
    """Play every matter of the data file; returns how many."""
    chance = random.Random(SEED)  # noqa: S311  the same matters every time is the point
    grids = list(
        Place.objects.filter(
            jurisdiction=jurisdiction, level="grid", parent__parent__name=HOME_TOWN
        ).order_by("path")
    )
    people = [
        actors.actor_of(account.person, time_source.day_of(now))
        for account in Account.objects.filter(is_demo=True).select_related("person")
    ]
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    matters: list[dict[str, Any]] = data["matters"]
    for number, matter in enumerate(matters):
        _Play(definition, chance.choice(grids), matter, data["answers"], people, number).run(now)
    return len(matters)


@dataclass
class _Play:
    """One matter on its way."""

    definition: Definition
    place: Place
    matter: dict[str, Any]
    written: dict[str, Any]
    people: list[Actor]
    number: int

    def _moments(self, now: datetime) -> Iterator[datetime]:
        """Working moments from the day of receipt on, never later than now."""
        calendar, today = rules.calendar(), time_source.day_of(now)
        index = calendar.workdays.index(calendar.roll(today)) - self.matter["days"]
        step = 0
        while True:
            day = calendar.workdays[min(index + step // 2, len(calendar.workdays) - 1)]
            moment = timezone.make_aware(
                datetime.combine(day, time(9 if step % 2 == 0 else 15, 10 + self.number))
            )
            yield min(moment, now - timedelta(minutes=max(1, 30 - step)))
            step += 1

    def run(self, now: datetime) -> None:
        """Receive it and act as far as the play goes."""
        self.moments = self._moments(now)
        received = next(self.moments)
        answers = {key: self.matter[key] for key in ("category", "where", "words")} | {
            "name": "周某",
            "phone": "13900000000",
        }
        with time_source.standing_at(received):
            self.case = services.start_case(
                definition=self.definition,
                answers=answers,
                place=self.place,
                now=received,
                source=Case.Source.CODE,
            )
        last = received
        for act in PLAYS[self.matter["play"]]:
            last = next(self.moments)
            virtual.pass_time(self.case.pk, last)
            with time_source.standing_at(last):
                self.act(act, last)

    def act(self, name: str, now: datetime) -> None:
        """Let the right person do one act."""
        if name == "withdraw":
            services.withdraw_case(
                case=self.case,
                reason="村里已经组织清运，谢谢。",
                by=actors.reporter(self.case.reporter),
                now=now,
            )
            return
        for task in (
            Task.objects.open()
            .filter(case=self.case, step_id=STEP_OF.get(name, name))
            .select_related("case__reporter", "unit")
        ):
            by = self._who(task)
            if name == "progress":
                services.add_progress(
                    task=task,
                    answers=self.answers(name),
                    by=by,
                    now=now,
                )
            else:
                services.complete_task(
                    task=task,
                    answers=self.answers(name),
                    by=by,
                    now=now,
                    key=f"demo:{self.number}:{task.key}",
                )

    def _who(self, task: Task) -> Actor:
        if task.person_id == self.case.reporter_id:
            return actors.reporter(self.case.reporter)
        known = next((actor for actor in self.people if addresses.post_that_fits(actor, task.target)), None)
        if known is not None:
            return known
        post = (
            (task.unit.posts if task.unit else Unit.objects.none())
            .filter(role="unit_head")
            .select_related("person")
            .first()
        )  # type: ignore[attr-defined]
        if post is None:
            raise addresses.NobodyThere(address=task.address)
        return actors.actor_of(post.person, time_source.today())

    def answers(self, name: str) -> dict[str, Any]:
        """What the person writes."""
        category = self.matter["category"]
        wanted = [LEADS[category], CO.get(category, "")]
        found = Unit.objects.filter(jurisdiction=self.definition.jurisdiction_id, name__in=wanted)
        handlers = {unit.name: unit.public_id for unit in found}
        lead = handlers[LEADS[category]]
        co = [handlers[CO[category]]] if category in CO and self.number % 2 else []
        deputies = (actor.person for actor in self.people if actor.person and "deputy" in actor.roles)
        filled = {
            "@lead": lead,
            "@units": {"lead": lead, "co": co},
            "@deputy": next(deputies).public_id,
            "@today": time_source.today().isoformat(),
        }
        return _fill(self.written[name], filled)


def _fill(value: Any, filled: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(item, filled) for key, item in value.items()}
    return filled.get(value, value) if isinstance(value, str) else value


def settle(now: datetime) -> None:
    """Run what fell due while the demo was played."""
    while jobs.run_due(now=now, limit=100):
        pass
