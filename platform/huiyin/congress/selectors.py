"""Reads of the congress: which congress, which session, who may sign, who has, and what a receipt stands for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.cases import runtime, texts
from huiyin.cases.models import Case, Fact, Task
from huiyin.cases.recorders.rating import worked_on
from huiyin.congress import tables
from huiyin.congress.models import (
    Ballot,
    BallotCandidate,
    Collection,
    Commitment,
    KeyCase,
    Series,
    Session,
    Signature,
    Vote,
)
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Place, Post, Term
from huiyin.directory.querysets import places_where
from huiyin.directory.roles import Role

#: The fact that remembers when a case was submitted with its signatures; its text is the moment in ISO 8601.
SUBMITTED = "submitted_on"


def term_in_force(place: Place, on: date) -> Term | None:
    """The term of office of a place's congress on a day."""
    begun = Term.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=on), place=place, from_on__lte=on)
    return begun.order_by("-from_on").first()


def terms_run_by(actor: Actor, act: str, on: date) -> QuerySet[Term]:
    """The terms, in force or to come, of the congresses where the actor's posts allow an act; the actor's own first."""
    lasting = Term.objects.filter(
        places_where(actor, act, "place__"), Q(to_on__isnull=True) | Q(to_on__gt=on)
    )
    return lasting.select_related("place").order_by("place__path", "from_on")


def numbers_given(sessions: Iterable[Session]) -> dict[int, list[tuple[str, int]]]:
    """Session -> what its numbered matters are called and the last number given."""
    found: dict[int, list[tuple[str, int]]] = {}
    for row in Series.objects.filter(session__in=list(sessions), last__gt=0).order_by("kind"):
        found.setdefault(row.session_id, []).append((tables.label(row.kind, row.kind), row.last))
    return found


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
    return [post.congress for post in posts.select_related("term__place", "place")]


def congresses_to_start_in(actor: Actor, definition: Definition, on: date) -> list[Place]:
    """Where an actor may start such a matter: the congresses of the posts that give the right to."""
    held = Post.objects.visible_to(actor).held_on(on).filter(person=actor.person)
    posts = held.filter(role__in=definition.starters).select_related("term__place", "place").order_by("id")
    places = dict.fromkeys(post.congress for post in posts)
    return [place for place in places if place.level in definition.levels]


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
    return _submission(case) or case.received_at


def is_submitted(case: Case) -> bool:
    """Whether a case stands submitted with enough signatures."""
    return _submission(case) is not None


def _submission(case: Case) -> datetime | None:
    text = Fact.objects.filter(case=case, name=SUBMITTED).values_list("text", flat=True).first()
    return datetime.fromisoformat(text) if text else None


def with_fixed_signers() -> QuerySet[Any]:
    """
    The numbered matters that nobody may join, as a query of case ids.

    One that fell short of signatures is submitted no longer: it keeps its number, and others may sign it.
    """
    return Fact.objects.filter(name=SUBMITTED, case__registration__isnull=False).values("case_id")


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
    """
    How many propose a case, the mover counted, and how many must.

    Only deputies count, as of the day on which the case was submitted, else of `on`: a term that ends later takes
    nobody away.
    """
    submitted = _submission(case)
    day = time_source.day_of(submitted) if submitted else on
    place = congress_of(case, day)
    counting = Signature.objects.filter(case=case).counting(texts.text_hash(case))
    have = 1 + counting.filter(deputy__in=deputies_of_congress(place, day)).count()
    return have, tables.threshold(case.kind, place.level)


def invitations_for(actor: Actor) -> list[Signed]:
    """What waits for an actor's signature: invitations, and signatures that a change of the text has voided."""
    if actor.person is None:
        return []
    open_ones = Signature.objects.filter(
        deputy=actor.person,
        declined_at__isnull=True,
        withdrawn_at__isnull=True,
        case__closed_at__isnull=True,
    ).exclude(case__in=with_fixed_signers())
    found = []
    for row in open_ones.select_related("case__reporter", "case__place", "deputy"):
        present = texts.text_hash(row.case)
        status = row.status_under(present)
        if status != Signature.Status.SIGNED:
            found.append(Signed(row, status, present))
    return found


def standing() -> QuerySet[BallotCandidate]:
    """The candidates of ballots that are not counted."""
    return BallotCandidate.objects.exclude(ballot__state=Ballot.State.COUNTED)


def waiting_for_a_ballot(actor: Actor, place: Place, on: date) -> list[Case]:
    """
    The matters of a congress whose task that a ballot decides waits for the actor, oldest first.

    Left out are those that stand in a ballot, and those about which a counted ballot has decided.
    """
    tasks = Task.objects.waiting_for(actor).filter(case__place__path__startswith=place.path)
    asked = {
        (definition, form)
        for definition, form in tasks.order_by().values_list("case__definition_id", "form").distinct()
        if "ballot" in runtime.of(definition).documents[form].kinds
    }
    wanted = Q(pk__in=[])
    for definition, form in asked:
        wanted |= Q(case__definition_id=definition, form=form)
    held = set(standing().values_list("case_id", flat=True))
    counted = BallotCandidate.objects.filter(ballot__state=Ballot.State.COUNTED).select_related("ballot")
    held |= {row.case_id for row in counted.filter(case__tasks__in=tasks.filter(wanted)) if _decided(row)}
    shown = Case.objects.filter(restricted=False, tasks__in=tasks.filter(wanted))
    found = shown.exclude(pk__in=held).distinct()
    rows = found.select_related("place", "reporter").order_by("received_at", "pk")
    return [row for row in rows if congress_of(row, on) == place]


def _decided(candidate: BallotCandidate) -> bool:
    result = candidate.ballot.result or {}
    return result.get("status") != "no_quorum" and candidate.number not in result.get("tied", [])


def on_key_list(case_ids: Iterable[str]) -> frozenset[str]:
    """Which of the cases, named by their public ids, are on the key list; one query for a whole page."""
    standing = KeyCase.objects.standing().filter(case__public_id__in=list(case_ids))
    return frozenset(standing.values_list("case__public_id", flat=True))


def not_rated_by(actor: Actor, commitments: Iterable[Commitment]) -> frozenset[int]:
    """Those that an actor must not rate: reported as kept by the same person, made by an own unit, or of its case."""
    rows = list(commitments)
    handled = worked_on([row.case_id for row in rows], actor)
    mine = actor.person.pk if actor.person else 0
    return frozenset(
        # A unit whose part went to another is in no assignment any more, and its promise still is its own.
        row.pk
        for row in rows
        if row.case_id in handled or row.unit_id in actor.units or row.kept_by_id == mine
    )


def receipt_of(code: str) -> str:
    """What is stored of a receipt's code."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()


def vote_of(ballot: Ballot, code: str) -> Vote | None:
    """The vote for which a receipt's code was given; nothing leads from it to a person."""
    return Vote.objects.filter(ballot=ballot, receipt=receipt_of(code)).first()
