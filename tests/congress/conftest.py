"""A county congress in its term: fifteen deputies, one of whom moves a matter; and the means to let a recorder write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from huiyin.cases import recording
from huiyin.cases import services as cases
from huiyin.cases.models import Assignment, Case
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.congress import services
from huiyin.congress.models import SealedVote, Session
from huiyin.directory import actors
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Place, Post, Term
from huiyin.directory.roles import Role
from huiyin.forms.document import Field
from huiyin.forms.kinds import KINDS
from huiyin.history import selectors as history
from huiyin.history import words
from huiyin.lifecycle import sandbox
from tests.cases.conftest import REPORT
from tests.conftest import at

NOW = at("2026-09-01T09:00")
CATEGORIES = {"roads": {"zh": "交通", "en": "Roads"}, "schools": {"zh": "教育", "en": "Schools"}}
UI: dict[str, dict[str, Any]] = {"register": {"options": CATEGORIES}}


@dataclass
class Congress:
    """A county, its term, its deputies and its office."""

    town: sandbox.Town
    county: Place
    term: Term
    deputies: list[Person]
    office: Actor
    definition: Any

    def actor(self, person: Person) -> Actor:
        return actors.actor_of(person, NOW.date())

    def case(self, kind: str = "suggestion", mover: int = 0, **columns: Any) -> Case:
        """A matter that a deputy moves."""
        case = cases.start_case(
            definition=self.definition,
            answers=REPORT,
            place=self.town.place,
            now=NOW,
            asker=self.deputies[mover],
        )
        Case.objects.filter(pk=case.pk).update(kind=kind, **columns)
        case.refresh_from_db()
        return case

    def record(self, case: Case, kind: str, value: Any, by: Actor | None = None, now: datetime = NOW) -> Act:
        """Let the recorder of a field kind write, in one transaction as a service would."""
        with transaction.atomic():
            act = Act(locking.lock(case.pk), by or self.office, now)
            label = {"label": {"zh": kind, "en": kind}}
            recording.record(act, Field(kind, KINDS[kind], {**label, **UI.get(kind, {})}, True), value)
            locking.finish(act)
        return act

    def register(self, case: Case, now: datetime = NOW) -> str:
        return self.record(case, "register", {"category": "roads"}, now=now).case.number

    def meeting(self, number: int = 5, by: Actor | None = None, term: Term | None = None) -> Session:
        return services.enter_session(
            term=term or self.term,
            number=number,
            opens_on=date(2026, 9, 1),
            closes_on=date(2026, 9, 4),
            deadline_at=at("2026-09-02T17:00"),
            by=by or self.office,
            now=NOW,
        )


def in_the_box(**wanted: Any) -> list[list[int] | None]:
    """The marks of the votes that lie in the box, unsealed."""
    return [row.paper["marks"] for row in SealedVote.objects.filter(**wanted)]


def told(case: Case) -> list[str]:
    """The history of a case in words, oldest first."""
    return [words.tell(one.kind, one.facts, by="某人") for one in history.entries_of("case", case.pk)]


def lead(case: Case, town: sandbox.Town, unit: str = "a") -> Assignment:
    """Give a case its lead unit."""
    return Assignment.objects.create(
        case=case, unit=town.units[unit], part=Assignment.Part.LEAD, round=case.round, assigned_at=NOW
    )


@pytest.fixture
def congress(town, definition) -> Congress:
    county = town.place.parent.parent
    Post.objects.filter(place__jurisdiction=town.jurisdiction).update(term=None)
    Term.objects.filter(jurisdiction=town.jurisdiction).delete()
    term = Term.objects.create(
        jurisdiction=town.jurisdiction,
        place=county,
        number=17,
        from_on=date(2022, 1, 1),
        to_on=date(2027, 1, 1),
    )
    deputies = [
        Person.objects.create(
            jurisdiction=town.jurisdiction, name=f"代表{n}", pinyin=f"{n:02}", code=f"{county.code}-d{n}"
        )
        for n in range(15)
    ]
    # County deputies are elected in a town and belong to the county's congress by their term.
    Post.objects.bulk_create(
        Post(person=one, role=Role.DEPUTY, place=town.place.parent, term=term, from_on="2022-01-01")
        for one in deputies
    )
    person = sandbox.add_person(town, "secretary", Role.CONGRESS_OFFICE)
    return Congress(town, county, term, deputies, actors.actor_of(person, NOW.date()), definition)
