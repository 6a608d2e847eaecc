"""A matter in a town, and the means to let its people act at fixed moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.directory import actors
from huiyin.directory.models import Person, Post
from huiyin.directory.roles import Role
from huiyin.lifecycle import sandbox, virtual
from tests.cases.other_side import OtherSide
from tests.conftest import at

PHONE = "13800001234"
REPORT = {
    "category": "road",
    "words": "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。",
    "where": "村口老桥",
    "name": "周全",
    "phone": PHONE,
}
RECEIVED = at("2026-09-01T09:00")


@dataclass
class Play:
    """A case and its town; time goes on by ten minutes an act."""

    case: Case
    town: sandbox.Town
    now: datetime

    @property
    def asker(self):
        return actors.reporter(self.case.reporter)

    def task(self, step: str, unit: str = "") -> Task:
        tasks = Task.objects.open().select_related("case__reporter").filter(case=self.case, step_id=step)
        return tasks.get(unit=self.town.units[unit]) if unit else tasks.get()

    def do(self, step: str, answers: dict[str, Any], unit: str = "") -> Task:
        self.now += timedelta(minutes=10)
        task = self.task(step, unit)
        with time_source.standing_at(self.now):
            return services.complete_task(
                task=task,
                answers=self.town.resolve(answers),
                by=self.town.actor_for(task),
                now=self.now,
                key=task.key,
            )

    def dispatch(self, *co: str) -> None:
        self.do("screen", {"screening": "accept"})
        units = {"lead": "@unit.a", **({"co": [f"@unit.{name}" for name in co]} if co else {})}
        self.do("dispatch", {"route": "units", "units": units, "deputy": "@deputy"})

    def answer(self) -> None:
        self.dispatch()
        self.do("sign", {"sign": "accept"})
        self.do("work", {"progress": {"text": "更换灯具两盏"}})
        self.do("reply", {"reply": {"result": "done", "text": "已更换灯具两盏，恢复照明。"}})

    def wait(self, moment: str) -> None:
        self.now = at(moment)
        virtual.pass_time(self.case.pk, self.now)
        self.case.refresh_from_db()


@pytest.fixture
def other() -> Iterator[OtherSide]:
    side = OtherSide()
    yield side
    side.ended.set()
    side.server.shutdown()
    side.server.server_close()


@pytest.fixture
def keeper(town) -> actors.Actor:
    """The administrator, who keeps the calendar."""
    person = Person.objects.create(jurisdiction=town.jurisdiction, name="何管")
    office = town.actors["office"].held[0]
    Post.objects.create(
        person=person, role=Role.ADMIN, unit_id=office.unit_id, place_id=office.place_id, from_on="2020-01-01"
    )
    return actors.actor_of(person, RECEIVED.date())


@pytest.fixture
def play(definition, town) -> Play:
    case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
    return Play(case, town, RECEIVED)
