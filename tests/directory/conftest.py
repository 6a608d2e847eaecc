"""A county with two towns and their people, and a matter in one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.directory import actors
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction, Person, Place, Post, Unit
from huiyin.directory.roles import Role
from huiyin.lifecycle import storing
from huiyin.rules import services as rules
from tests.cases.conftest import REPORT
from tests.conftest import at

BEGIN, TODAY = date(2022, 1, 15), date(2026, 9, 1)
MORNING = at("2026-09-01T09:00")


@dataclass
class County:
    """Places and units by their codes; people are hired as a test needs them."""

    jurisdiction: Jurisdiction
    places: dict[str, Place]
    units: dict[str, Unit]

    def hire(self, name: str, role: Role, place: str, unit: str = "", *, until: date | None = None) -> Actor:
        """Give someone a post, and return the actor of today."""
        person, _made = Person.objects.get_or_create(jurisdiction=self.jurisdiction, name=name, code=name)
        Post.objects.create(
            person=person,
            role=role,
            place=self.places[place],
            unit=self.units[unit] if unit else None,
            from_on=BEGIN,
            to_on=until,
        )
        return self.actor(name)

    def actor(self, name: str, on: date = TODAY) -> Actor:
        return actors.actor_of(Person.objects.get(code=name), on)

    def post(self, name: str) -> Post:
        return Post.objects.get(person__code=name)


@pytest.fixture
def county(profile) -> County:
    home = profile.jurisdiction
    places: dict[str, Place] = {}

    def place(code: str, level: str, name: str, parent: str = "") -> None:
        above = places.get(parent)
        places[code] = Place.objects.create(
            jurisdiction=home, parent=above, level=level, code=code, name=name, full_name=name, pinyin=code,
            path=f"{above.path if above else '/'}{code}/",
        )  # fmt: skip

    place("c", "county", "岚汀县")
    for town, name in (("t1", "石棠镇"), ("t2", "青箬镇")):
        place(town, "town", name, "c")
        place(f"{town}v", "village", f"{name}上坞村", town)
        place(f"{town}g", "grid", f"{name}上坞村第一网格", f"{town}v")
    units: dict[str, Unit] = {}

    def unit(code: str, kind: str, at: str, parent: str = "") -> None:
        units[code] = Unit.objects.create(
            jurisdiction=home, place=places[at], parent=units.get(parent), kind=kind, code=code, name=f"{code}局", pinyin=code
        )  # fmt: skip

    unit("roads", Unit.Kind.DEPARTMENT, "c")
    unit("roads-1", Unit.Kind.SECTION, "c", "roads")
    unit("roads-2", Unit.Kind.SECTION, "c", "roads")
    unit("water", Unit.Kind.DEPARTMENT, "c")
    unit("congress", Unit.Kind.CONGRESS_OFFICE, "c")
    unit("government", Unit.Kind.GOVERNMENT_OFFICE, "c")
    for town in ("t1", "t2"):
        unit(f"congress-{town}", Unit.Kind.CONGRESS_OFFICE, town)
        unit(f"station-{town}", Unit.Kind.STATION, town)
        unit(f"hall-{town}", Unit.Kind.TOWN_GOVERNMENT, town)
    return County(home, places, units)


@pytest.fixture
def definition(county, matter_bundle):
    rules.seed_calendar()
    return storing.store(matter_bundle, county.jurisdiction, version=1, by=None, now=MORNING)


@pytest.fixture
def matter(county, definition) -> Case:
    """A matter in a grid of 石棠镇, whose congress office has somebody."""
    county.hire("林知行", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    return services.start_case(definition=definition, answers=REPORT, place=county.places["t1g"], now=MORNING)
