"""Sessions and collections."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from huiyin.congress import errors, numerals, selectors
from huiyin.congress.models import Collection, Session
from huiyin.congress.models.sessions import COLLECTION_DAYS
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Place, Term
from huiyin.history import services as history
from huiyin.history.services import Line


@transaction.atomic
def enter_session(
    *,
    term: Term,
    number: int,
    opens_on: date,
    closes_on: date,
    deadline_at: datetime,
    by: Actor,
    now: datetime,
) -> Session:
    """
    Enter a meeting of a congress with its dates; its name begins every title of what is submitted to it.

    :raises NotYourAct: without the right, at the congress's place
    :raises SessionDates: if the dates do not fit each other or the term
    :raises SessionKnown: if the term has a session of this number
    """
    by.require("congress.session", term.place)
    deadline = time_source.day_of(deadline_at)
    in_term = term.from_on <= opens_on and (term.to_on is None or closes_on < term.to_on)
    if not (1 <= number < 100 and opens_on <= deadline <= closes_on and in_term):
        raise errors.SessionDates
    _one_at_a_time()
    if Session.objects.filter(term=term, number=number).exists():
        raise errors.SessionKnown
    session = Session.objects.create(
        jurisdiction_id=term.jurisdiction_id,
        place=term.place,
        term=term,
        number=number,
        name=numerals.session_name(term, number),
        opens_on=opens_on,
        closes_on=closes_on,
        deadline_at=deadline_at,
    )
    line = Line("session_entered", {"name": session.name, "opens": opens_on, "closes": closes_on})
    _write("session", session.pk, line, by, now)
    return session


@transaction.atomic
def session_in_force(*, place: Place, moment: datetime) -> Session:
    """
    The session to which something submitted at a moment belongs; the time between meetings is made on demand, once.

    :raises NoTerm: if the congress has no term of office on that day
    """
    found = selectors.session_for(place, moment)
    if found is not None:
        return found
    day = time_source.day_of(moment)
    term = selectors.term_in_force(place, day)
    if term is None:
        raise errors.NoTerm(place=place.name, day=day.isoformat())
    _one_at_a_time()
    known = Session.objects.filter(term=term, number__isnull=True).first()
    return known or Session.objects.create(
        jurisdiction_id=term.jurisdiction_id,
        place=place,
        term=term,
        name=numerals.session_name(term, None),
        opens_on=term.from_on,
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        # Two that look for the one row between meetings would both find that it is missing.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('huiyin.congress.session'))")


@transaction.atomic
def announce_collection(
    *, place: Place, kind: str, title: str, opens_on: date, closes_on: date, by: Actor, now: datetime
) -> Collection:
    """
    征集: announce the days in which matters of a kind are collected.

    :raises NotYourAct: without the right, at the place
    :raises WordsMissing: without a title
    :raises CollectionTooShort: if it is open for less than thirty days
    """
    by.require("congress.collection", place)
    if not title.strip():
        raise errors.WordsMissing
    if closes_on < opens_on + timedelta(days=COLLECTION_DAYS):
        raise errors.CollectionTooShort
    collection = Collection.objects.create(
        jurisdiction_id=place.jurisdiction_id,
        place=place,
        kind=kind,
        title=title.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
    )
    line = Line("collection_announced", {"title": title.strip(), "opens": opens_on, "closes": closes_on})
    _write("collection", collection.pk, line, by, now)
    return collection


def _write(subject_kind: str, subject_id: int, line: Line, by: Actor, now: datetime) -> None:
    by_id = by.person.pk if by.person else None
    history.record(subject_kind=subject_kind, subject_id=subject_id, lines=[line], by_id=by_id, at=now)
