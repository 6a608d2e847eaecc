"""Reads of the congress: which congress, which session, who may sign, who has, and what a receipt stands for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from huiyin.cases import texts
from huiyin.cases.models import Case, Fact
from huiyin.congress import tables
from huiyin.congress.models import Ballot, Collection, Session, Signature, Vote
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Place, Post, Term
from huiyin.directory.roles import Role

#: The fact that remembers when a case was submitted with its signatures; its text is the moment in ISO 8601.
SUBMITTED = "submitted_on"


def term_in_force(place: Place, on: date) -> Term | None:
    """The term of office of a place's congress on a day."""
    begun = Term.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=on), place=place, from_on__lte=on)
    return begun.order_by("-from_on").first()


def congress_of(case: Case, on: date) -> Place:
    """
    The place whose congress a case belongs to.

    The mover's own congress, if its place holds the case's place (the nearest, for a deputy of two); else the nearest
    place with a term in force; else, where no terms are entered, the nearest with a deputy; else the case's place.
    """
    own = _nearest(case.place, _congresses_of(case.reporter, on))
    if own is not None:
        return own
    around = Place.objects.above(case.place)
    with_term = Term.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=on), from_on__lte=on).values("place")
    with_deputy = Post.objects.held_on(on).filter(role=Role.DEPUTY).values("place")
    return around.filter(pk__in=with_term).first() or around.filter(pk__in=with_deputy).first() or case.place


def _congresses_of(person: Person, on: date) -> list[Place]:
    posts = Post.objects.held_on(on).filter(person=person, role=Role.DEPUTY)
    return [
        post.term.place if post.term else post.place for post in posts.select_related("term__place", "place")
    ]


def _nearest(place: Place, congresses: Iterable[Place]) -> Place | None:
    holding = [one for one in congresses if place.path.startswith(one.path)]
    return max(holding, key=lambda one: len(one.path), default=None)


def deputies_of_congress(place: Place, on: date) -> QuerySet[Person]:
    """The deputies of a place's congress: by their term; where posts name no term, those with a post under the place."""
    posts = Post.objects.held_on(on).filter(role=Role.DEPUTY)
    own = posts.filter(term__place=place)
    if not own.exists():
        own = posts.filter(term__isnull=True, place__path__startswith=place.path)
    return Person.objects.filter(pk__in=own.values("person"))


def session_for(place: Place, moment: datetime) -> Session | None:
    """
    The session of a place's congress to which something submitted at a moment belongs.

    The meeting whose opening..deadline holds the moment, else the time between meetings of the term in force; None if
    that row is not there yet (`services.session_in_force` makes it).
    """
    day = time_source.day_of(moment)
    meeting = Session.objects.filter(
        place=place, number__isnull=False, opens_on__lte=day, deadline_at__gte=moment
    ).first()
    if meeting is not None:
        return meeting
    return Session.objects.filter(term=term_in_force(place, day), number__isnull=True).first()


def submitted_at(case: Case) -> datetime:
    """When a case was submitted with its signatures; when it was received, if it needed none."""
    text = Fact.objects.filter(case=case, name=SUBMITTED).values_list("text", flat=True).first()
    return datetime.fromisoformat(text) if text else case.received_at


def open_collection(kind: str, place: Place, on: date) -> Collection | None:
    """The collection that is open for a kind of matter at a place or above it, the nearest first."""
    running = Collection.objects.filter(
        kind=kind, place__code__in=place.codes, opens_on__lte=on, closes_on__gte=on
    )
    return running.order_by("-place__path", "-opens_on", "-id").first()


@dataclass(frozen=True)
class Signed:
    """A signature with where it stands, and the hash of the text that its deputy sees."""

    signature: Signature
    status: Signature.Status
    text_hash: str


def signatures_of(case: Case) -> list[Signed]:
    """Everyone who was asked to sign a case, in the order of the invitations; the caller has seen to the sight."""
    present = texts.text_hash(case)
    rows = Signature.objects.filter(case=case).select_related("deputy")
    return [Signed(row, row.status_under(present), present) for row in rows]


def proposers(case: Case, on: date) -> tuple[int, int]:
    """How many propose a case, the mover counted, and how many must."""
    have = 1 + Signature.objects.filter(case=case).counting(texts.text_hash(case)).count()
    return have, tables.threshold(case.kind, congress_of(case, on).level)


def invitations_for(actor: Actor) -> list[Signed]:
    """What waits for an actor's signature: invitations, and signatures that a change of the text has voided."""
    if actor.person is None:
        return []
    open_ones = Signature.objects.filter(
        deputy=actor.person,
        declined_at__isnull=True,
        withdrawn_at__isnull=True,
        case__closed_at__isnull=True,
        case__registration__isnull=True,
    ).select_related("case__reporter", "case__place", "deputy")
    found = []
    for row in open_ones:
        present = texts.text_hash(row.case)
        status = row.status_under(present)
        if status != Signature.Status.SIGNED:
            found.append(Signed(row, status, present))
    return found


def receipt_of(code: str) -> str:
    """What is stored of a receipt's code."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()


def vote_of(ballot: Ballot, code: str) -> Vote | None:
    """The vote for which a receipt's code was given; nothing leads from it to a person."""
    return Vote.objects.filter(ballot=ballot, receipt=receipt_of(code)).first()
