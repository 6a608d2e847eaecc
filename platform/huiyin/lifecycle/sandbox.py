"""A small invented town in which scenarios run; it exists only inside a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from huiyin.cases.models import Case, Task
from huiyin.cases.recorders import drafter_who_waits
from huiyin.core import ids
from huiyin.directory import actors, addresses
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction, Person, Place, Post, Term, Unit
from huiyin.directory.roles import Role
from huiyin.rules.models import Profile, Rule

BEGIN = date(2000, 1, 1)
#: Any day on which the town's posts are held.
SOME_DAY = date(2026, 1, 1)
UNITS = ("a", "b", "c")
#: Deputies besides the first: enough to propose a bill in a township with one to spare.
DEPUTIES = tuple(f"deputy{n}" for n in range(2, 7))


@dataclass(frozen=True)
class Town:
    """The town's places, units and people, by the names that scenarios use (`@unit.a`, `@deputy`)."""

    jurisdiction: Jurisdiction
    profile: Profile
    place: Place
    units: dict[str, Unit]
    actors: dict[str, Actor]
    others: list[Case] = field(default_factory=list)
    #: ids of the ballots that were counted
    ballots: list[str] = field(default_factory=list)

    def place_for(self, levels: Sequence[str], wanted: str | None = None) -> Place:
        """Where a matter is started: the nearest place at which its process may be."""
        here: Place | None = self.place
        while here is not None and here.level != wanted and (wanted or here.level not in levels):
            here = here.parent
        return here or self.place

    def resolve(self, value: object) -> object:
        """Replace `@unit.a` and `@deputy` in answers by ids."""
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if isinstance(value, str) and value.startswith("@unit."):
            return self.units[value.removeprefix("@unit.")].public_id
        if isinstance(value, str) and value.startswith("@deputy"):
            person = self.actors[value.removeprefix("@")].person
            return person.public_id if person else ""
        if value == "@ballot":
            return self.ballots[-1]
        return self.others[0].number if value == "@other" else value

    def actor_for(self, task: Task) -> Actor:
        """Who can do a task: the asker, or the first of the town's people to whom its address leads and who may."""
        if task.person_id == task.case.reporter_id:
            return actors.reporter(task.case.reporter)
        drafter = drafter_who_waits(task)
        for actor in self.actors.values():
            is_drafter = actor.person is not None and actor.person.pk == drafter
            if addresses.post_that_fits(actor, task.target) and not is_drafter:
                return actor
        raise addresses.NobodyThere(address=task.address)


def build(profile: Profile, mark: str | None = None) -> Town:
    """Make a town; scenarios do it inside a transaction that is rolled back, a replay under a mark that it finds again."""
    is_trial, mark = mark is not None, mark or ids.new_id()
    jurisdiction = Jurisdiction.objects.create(code=f"sandbox-{mark}", name="试跑县", is_trial=is_trial)
    _copy_profile(profile, jurisdiction, mark)
    county, town = _places(jurisdiction, mark)
    units = _units(jurisdiction, county, mark)
    _staff(jurisdiction, units, county, town, mark)
    return find(mark)


def _places(jurisdiction: Jurisdiction, mark: str) -> tuple[Place, Place]:
    county = _place(jurisdiction, None, Place.Level.COUNTY, f"{mark}c", "试跑县")
    town = _place(jurisdiction, county, Place.Level.TOWN, f"{mark}t", "试跑镇")
    _place(jurisdiction, town, Place.Level.GRID, f"{mark}g", "试跑网格")
    for seat in (county, town):
        Term.objects.create(jurisdiction=jurisdiction, place=seat, number=17, from_on=BEGIN)
    return county, town


def _units(jurisdiction: Jurisdiction, county: Place, mark: str) -> dict[str, Unit]:
    kinds = Unit.Kind
    named = {code: (kinds.DEPARTMENT, f"{code}局") for code in UNITS} | {
        "office": (kinds.CONGRESS_OFFICE, "代表工委"),
        "government": (kinds.GOVERNMENT_OFFICE, "县府办"),
        "station": (kinds.STATION, "联络站"),
    }
    # The third unit writes its replies without the switchable steps.
    steps: dict[str, dict[str, list[str]]] = {"c": {"reply_steps": []}}
    rows = {}
    for code, (kind, name) in named.items():
        rows[code] = Unit.objects.create(
            jurisdiction=jurisdiction,
            place=county,
            kind=kind,
            code=f"{mark}{code}",
            name=name,
            pinyin=code,
            **steps.get(code, {}),
        )
    return rows


def _staff(jurisdiction: Jurisdiction, units: dict[str, Unit], county: Place, town: Place, mark: str) -> None:
    office = units["office"]
    posts: list[tuple[str, Role, Place, Unit | None]] = [
        *((name, Role.DEPUTY, town, None) for name in ("deputy", *DEPUTIES)),
        ("office", Role.CONGRESS_OFFICE, town, office),
        ("congress", Role.CONGRESS_OFFICE, county, office),
        ("government", Role.GOVERNMENT_OFFICE, county, units["government"]),
        ("watch", Role.SUPERVISOR, county, office),
        ("station", Role.STATION, town, units["station"]),
        *((code, Role.HANDLER, county, units[code]) for code in UNITS),
        *((f"{code}-head", Role.UNIT_HEAD, county, units[code]) for code in UNITS),
    ]
    for name, role, place, unit in posts:
        person = Person.objects.create(jurisdiction=jurisdiction, name=str(role.label), code=f"{mark}-{name}")
        Post.objects.create(person=person, role=role, unit=unit, place=place, from_on=BEGIN)


def find(mark: str) -> Town:
    """
    The town that was built under a mark.

    :raises Jurisdiction.DoesNotExist: if none was
    """
    jurisdiction = Jurisdiction.objects.get(code=f"sandbox-{mark}")
    people = Person.objects.filter(
        code__startswith=f"{mark}-", jurisdiction=jurisdiction, posts__isnull=False
    ).order_by("id")
    return Town(
        jurisdiction=jurisdiction,
        profile=Profile.objects.get(jurisdiction=jurisdiction),
        place=Place.objects.get(code=f"{mark}g"),
        units={code: Unit.objects.get(code=f"{mark}{code}") for code in UNITS},
        actors={
            str(person.code).removeprefix(f"{mark}-"): actors.actor_of(person, SOME_DAY) for person in people
        },
    )


def add_person(town: Town, name: str, role: Role) -> Person:
    """Add someone to the town's office, in a role that scenarios do not need."""
    county = town.place.parent.parent if town.place.parent else None
    if county is None:
        raise ValueError("the town's grid lies in no county")
    person = Person.objects.create(
        jurisdiction=town.jurisdiction, name=str(role.label), code=f"{county.code}-{name}"
    )
    Post.objects.create(person=person, role=role, unit=town.units["c"], place=county, from_on=BEGIN)
    return person


def _copy_profile(profile: Profile, jurisdiction: Jurisdiction, mark: str) -> None:
    copy = Profile.objects.create(
        jurisdiction=jurisdiction,
        code=profile.code,
        name=profile.name,
        source=profile.source,
        valid_from=BEGIN,
        tables=profile.tables,
        digest=f"{profile.digest[:40]}{mark}",
    )
    fields = ("code", "name", "amount", "unit", "starts_from", "article", "marks")
    Rule.objects.bulk_create(
        [Rule(profile=copy, **{name: getattr(rule, name) for name in fields}) for rule in profile.rules.all()]
    )


def _place(jurisdiction: Jurisdiction, parent: Place | None, level: str, code: str, name: str) -> Place:
    path = f"{parent.path if parent else '/'}{code}/"
    return Place.objects.create(
        jurisdiction=jurisdiction,
        parent=parent,
        level=level,
        code=code,
        name=name,
        full_name=name,
        pinyin=code,
        path=path,
    )
