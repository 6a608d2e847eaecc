"""The year in which the demo's session is played: its county, its people, its calendar."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from huiyin.congress import selectors as congress
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction, Person, Place, Unit
from huiyin.lifecycle.demo.people import Cast
from huiyin.rules import selectors as rules

DATA = Path(__file__).parent / "session.yaml"


def read() -> dict[str, Any]:
    """The session's data file."""
    return dict(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def moment(text: object) -> datetime:
    """Read a date or a moment of the data file as the office's time; a date stands for nine in the morning."""
    if isinstance(text, date) and not isinstance(text, datetime):
        return timezone.make_aware(datetime.combine(text, time(9)))
    return timezone.make_aware(datetime.fromisoformat(str(text)))


@dataclass
class Year:
    """The session's county, its people and the moment at which the play stops."""

    jurisdiction: Jurisdiction
    seed: int
    now: datetime
    data: dict[str, Any] = field(default_factory=read)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.county = Place.objects.get(jurisdiction=self.jurisdiction, level=Place.Level.COUNTY)
        self.cast = Cast(self.jurisdiction, moment(self.data["session"]["opens_on"]).date())
        self.units = dict(
            Unit.objects.filter(jurisdiction=self.jurisdiction).values_list("name", "public_id")
        )
        self.calendar = rules.calendar()

    def luck(self, of: object) -> random.Random:
        """The luck of a matter, a vote, a project: its own, and the same every time."""
        return random.Random(f"{self.seed}:{of}")  # noqa: S311  nothing is guarded by it, and the same year is the point

    def definition(self, kind: str) -> Definition:
        """The newest version of a process."""
        return Definition.objects.newest(self.jurisdiction, kind)[:1].get()

    def after(self, at: datetime, days: int, luck: random.Random) -> datetime:
        """Some working days later, in office hours and after `at`."""
        day = (
            self.calendar.workday_after(timezone.localtime(at).date(), days)
            if days
            else timezone.localtime(at).date()
        )
        later = timezone.make_aware(datetime.combine(day, time(luck.randint(9, 16), luck.randint(0, 59))))
        return max(later, at + timedelta(minutes=luck.randint(5, 50)))

    @cached_property
    def deputies(self) -> list[Person]:
        """The deputies of the county's congress."""
        return list(congress.deputies_of_congress(self.county, self.cast.on).order_by("code"))
