"""A small invented town in which scenarios run; it exists only inside a transaction that is rolled back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from huiyin.cases.models import Case, Task
from huiyin.core import ids
from huiyin.directory import actors, addresses
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction, Person, Place, Post, Unit
from huiyin.directory.roles import Role
from huiyin.rules.models import Profile, Rule

BEGIN = date(2000, 1, 1)


@dataclass(frozen=True)
class Town:
    """The town's places, units and people, by the names that scenarios use (`@unit.a`, `@deputy`)."""

    jurisdiction: Jurisdiction
    profile: Profile
    place: Place
    units: dict[str, Unit]
    actors: dict[str, Actor]
    others: list[Case] = field(default_factory=list)

    def resolve(self, value: object) -> object:
        """Replace `@unit.a` and `@deputy` in answers by ids."""
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, str) and value.startswith("@unit."):
            return self.units[value.removeprefix("@unit.")].public_id
        if value == "@deputy":
            person = self.actors["deputy"].person
            return person.public_id if person else ""
        return self.others[0].number if value == "@other" else value

    def actor_for(self, task: Task) -> Actor:
        """Who can do a task: the asker, or the first of the town's people to whom its address leads."""
        if task.person_id == task.case.reporter_id:
            return actors.reporter(task.case.reporter)
        target = addresses.Target(task.role, task.unit_id, task.place_id, task.person_id)
        for actor in self.actors.values():
            if addresses.post_that_fits(actor, target):
                return actor
        raise addresses.NobodyThere(address=task.address)


def build(profile: Profile) -> Town:
    """Make the town; call inside a transaction that is rolled back."""
    mark = ids.new_id()
    jurisdiction = Jurisdiction.objects.create(code=f"sandbox-{mark}", name="试跑县")
    county = _place(jurisdiction, None, Place.Level.COUNTY, f"{mark}c", "试跑县")
    town = _place(jurisdiction, county, Place.Level.TOWN, f"{mark}t", "试跑镇")
    grid = _place(jurisdiction, town, Place.Level.GRID, f"{mark}g", "试跑网格")
    rules = list(profile.rules.all())
    copy = Profile.objects.create(
        jurisdiction=jurisdiction, code=profile.code, name=profile.name, source=profile.source, valid_from=BEGIN, tables=profile.tables, digest=f"{profile.digest[:40]}{mark}"
    )
    Rule.objects.bulk_create(
        [Rule(profile=copy, code=r.code, name=r.name, amount=r.amount, unit=r.unit, starts_from=r.starts_from, article=r.article, marks=r.marks) for r in rules]
    )
    number = count(1)

    def unit(code: str, kind: str, name: str) -> Unit:
        return Unit.objects.create(jurisdiction=jurisdiction, place=county, kind=kind, code=f"{mark}{code}", name=name, pinyin=code)

    units = {code: unit(code, Unit.Kind.DEPARTMENT, f"{code}局") for code in ("a", "b", "c")}
    office = unit("office", Unit.Kind.CONGRESS_OFFICE, "代表工委")
    station = unit("station", Unit.Kind.STATION, "联络站")

    def actor(role: Role, at: Place, of: Unit | None) -> Actor:
        person = Person.objects.create(jurisdiction=jurisdiction, name=f"{Role(role).label}{next(number)}")
        Post.objects.create(person=person, role=role, unit=of, place=at, from_on=BEGIN)
        return actors.actor_of(person, date(2026, 1, 1))

    people = {
        "deputy": actor(Role.DEPUTY, town, None),
        "office": actor(Role.CONGRESS_OFFICE, town, office),
        "station": actor(Role.STATION, town, station),
        **{code: actor(Role.HANDLER, county, row) for code, row in units.items()},
    }
    return Town(jurisdiction, copy, grid, units, people)


def _place(jurisdiction: Jurisdiction, parent: Place | None, level: str, code: str, name: str) -> Place:
    path = f"{parent.path if parent else '/'}{code}/"
    return Place.objects.create(jurisdiction=jurisdiction, parent=parent, level=level, code=code, name=name, full_name=name, pinyin=code, path=path)
