"""有人劝我改评价: a rater tells the congress, in private, that somebody asked for another rating."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.models import Case, Pressure
from huiyin.cases.services import locking
from huiyin.core import time_source
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person, Post
from huiyin.directory.roles import POLICY
from huiyin.history import services as history
from huiyin.history.services import Line
from huiyin.notices import services as notices
from huiyin.notices.services import Message


def _readers(row: Pressure, now: datetime) -> list[int]:
    """Those of the congress who may read it; the one who told it needs no notice."""
    today = time_source.day_of(now)
    posts = Post.objects.held_on(today).covering(row.case.place).filter(role__in=POLICY["pressure.read"])
    people = Person.objects.filter(posts__in=posts).exclude(pk=row.by_id).distinct().order_by("pk")
    seen = Pressure.objects.filter(pk=row.pk)
    return [one.pk for one in people if seen.visible_to(actor_of(one, today)).exists()]


@transaction.atomic
def tell_pressure(*, case: Case, words: str, by: Actor, now: datetime) -> Pressure:
    """
    Keep what a rater tells, and let the congress at and above the place know; the case's own history does not say it.

    The same words again are one.

    :raises OnlyTheAsker: if it is neither the one who asked nor the deputy who follows
    """
    locked = locking.lock(case.pk)
    if by.person is None or not locked.asks_or_follows(by.person):
        raise errors.OnlyTheAsker
    said = {"case": locked, "by": by.person, "round": locked.round, "words": words.strip()}
    known = Pressure.objects.filter(**said).first()
    if known is not None:
        return known
    row = Pressure.objects.create(**said, at=now)
    line = Line("pressure_told", {"number": locked.number})
    history.record(subject_kind="pressure", subject_id=row.pk, lines=[line], by_id=by.person.pk, at=now)
    told = [
        Message(person, "pressure_told", f"pressure_told:{row.public_id}:{person}", {"number": locked.number})
        for person in _readers(row, now)
    ]
    notices.tell(told, subject_kind="case", subject_id=locked.pk, at=now)
    return row
