"""Tell someone something; mark it read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.jobs.services import Work, enqueue
from huiyin.notices.models import Notice

Channel = Notice.Channel
#: The endpoint that takes short messages, in HUIYIN_ENDPOINTS.
GATEWAY = "messages"
#: What is brought to somebody without an account: what asks something of them, or decides their matter.
BROUGHT = frozenset(
    {
        "answered", "reminder", "contact_to_confirm", "closed_declined", "closed_merged", "closed_converted",
        "closed_unrated", "merged_ended", "taken_up", "split", "suggestion_answered",
    }
)  # fmt: skip
#: Nobody's telephone rings before or after these hours.
FIRST, LAST = time(8), time(20)


@dataclass(frozen=True)
class Message:
    """A notice to be: two with one key are one."""

    person_id: int
    kind: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


def tell(messages: Iterable[Message], *, subject_kind: str, subject_id: int, at: datetime) -> None:
    """
    Write notices in the caller's transaction.

    The site delivers by showing them. What somebody without an account must know goes to the telephone that they left: as a
    short message where the operator has named a gateway, else by a call of the station.
    """
    told = list(messages)
    phones = told_by_telephone({m.person_id for m in told if m.kind in BROUGHT})
    channel = Channel.MESSAGE if settings.ENDPOINTS.get(GATEWAY, {}).get("url") else Channel.CALL
    rows = [
        Notice(
            person_id=m.person_id,
            channel=channel if m.kind in BROUGHT and m.person_id in phones else Channel.SITE,
            kind=m.kind,
            key=m.key,
            facts=dict(m.facts),
            subject_kind=subject_kind,
            subject_id=subject_id,
            at=at,
        )
        for m in told
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
    enqueue(
        *(
            Work(
                kind="cases.send_message",
                subject_kind="person",
                subject_id=row.person_id,
                key=f"send:{row.key}",
                due_at=_by_day(at),
                args={"key": row.key},
            )
            for row in rows
            if row.channel == Channel.MESSAGE
        )
    )


def told_by_telephone(ids: set[int]) -> set[int]:
    """Who of some people left a telephone and has no account; nobody in a county that is only tried out."""
    if not ids:
        return set()
    people = Person.objects.filter(pk__in=ids, account=None, jurisdiction__is_trial=False)
    return {person.pk for person in people if person.details.get("phone")}


def _by_day(moment: datetime) -> datetime:
    """The moment, or the next at which one may call somebody."""
    local = timezone.localtime(moment)
    if FIRST <= local.time() < LAST:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= LAST else 0)
    return timezone.make_aware(datetime.combine(day, FIRST))


def take_back(*, subject_kind: str, subject_id: int, kind: str, marks: Iterable[str]) -> int:
    """Delete notices of a kind about a subject whose reason was taken back; `marks` are the keys they were given."""
    told = Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id, kind=kind)
    of_marks = [f"{kind}:{subject_id}:{mark}:" for mark in marks]
    wrong = [row.pk for row in told if row.key.startswith(tuple(of_marks))]
    return told.filter(pk__in=wrong).delete()[0]


def mark_read(*, actor: Actor, subject_kind: str, subject_id: int, now: datetime) -> int:
    """Mark what a person was told about a subject as read; returns how many."""
    unread = Notice.objects.visible_to(actor).unread()
    return unread.filter(subject_kind=subject_kind, subject_id=subject_id).update(read_at=now)


def hears(*, person_id: int, subject_kind: str, subject_ids: Iterable[int], now: datetime) -> None:
    """Somebody was there: what they had been told about some subjects needs no call and no reminder any more."""
    told = Notice.objects.filter(
        person=person_id, subject_kind=subject_kind, subject_id__in=list(subject_ids)
    )
    told.unread().update(read_at=now)
