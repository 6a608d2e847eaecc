"""Tell someone something; mark it read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huiyin.directory.actors import Actor
from huiyin.notices.models import Notice


@dataclass(frozen=True)
class Message:
    """A notice to be: two with one key are one."""

    person_id: int
    kind: str
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


def tell(messages: Iterable[Message], *, subject_kind: str, subject_id: int, at: datetime) -> None:
    """Write notices in the caller's transaction; the site's own channel delivers by showing them."""
    rows = [
        Notice(
            person_id=m.person_id,
            kind=m.kind,
            key=m.key,
            facts=dict(m.facts),
            subject_kind=subject_kind,
            subject_id=subject_id,
            at=at,
        )
        for m in messages
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


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
