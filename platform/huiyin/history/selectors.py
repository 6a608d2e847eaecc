"""Read a subject's history, and check chains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from huiyin.history import chain
from huiyin.history.models import Anchor, Entry, EntryBody, Head


@dataclass(frozen=True)
class Told:
    """An entry as it can be told: facts are None after erasure."""

    seq: int
    kind: str
    at: datetime
    by_id: int | None
    facts: dict[str, Any] | None
    hash: str


def entries_of(subject_kind: str, subject_id: int) -> list[Told]:
    """The entries of a subject, oldest first. The caller has checked that the subject may be seen."""
    rows = (
        Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
        .select_related("body")
        .order_by("seq")
    )
    return [_told(row) for row in rows]


def newest_of(subject_kind: str, subject_id: int) -> Told | None:
    """The newest entry of a subject. The caller has checked that the subject may be seen."""
    rows = Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).select_related("body")
    row = rows.order_by("-seq").first()
    return _told(row) if row else None


def last_of_a_person(subject_kind: str, subject_id: int) -> tuple[int, datetime] | None:
    """(who, when) of the newest entry that is not the system's own."""
    rows = Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id, by_id__isnull=False)
    return rows.order_by("-seq").values_list("by_id", "at").first()


def of_people_since(
    subject_kind: str, subject_id: int, *, by_id: int, at: datetime
) -> list[tuple[str, int, datetime]]:
    """(kind, who, when) of what people wrote from a person's act on, by the order of the chain and not by the time."""
    rows = Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id, by_id__isnull=False)
    first = rows.filter(by_id=by_id, at=at).aggregate(seq=Min("seq"))["seq"]
    if first is None:
        return []
    return list(rows.filter(seq__gte=first).order_by("seq").values_list("kind", "by_id", "at"))


def _told(row: Entry) -> Told:
    return Told(row.seq, row.kind, row.at, row.by_id, _facts(row), bytes(row.hash).hex())


def _facts(row: Entry) -> dict[str, Any] | None:
    body = getattr(row, "body", None)
    return json.loads(bytes(body.facts)) if body is not None else None


@dataclass(frozen=True)
class Fault:
    """A place where the history is not what it was."""

    subject: str
    seq: int
    what: str


def faults() -> list[Fault]:
    """Check every chain against its entries, heads and anchors, as they stand at one moment; each fault names its entry."""
    with _one_moment():
        return [*_faults_of_chains(), *_faults_of_anchors()]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything from one snapshot: what is written meanwhile must not look like a forgery."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _faults_of_chains() -> Iterator[Fault]:
    heads = {(head.subject_kind, head.subject_id): head for head in Head.objects.iterator()}
    ordered = (
        Entry.objects.order_by("subject_kind", "subject_id", "seq")
        .select_related("body")
        .iterator(chunk_size=2000)
    )
    for key, entries in groupby(ordered, key=lambda row: (row.subject_kind, row.subject_id)):
        subject, last, expected = f"{key[0]} {key[1]}", chain.NOTHING, 0
        for row in entries:
            expected += 1
            while row.seq > expected:
                yield Fault(subject, expected, "missing")
                expected += 1
            yield from _faults_of_entry(subject, row, last)
            last = bytes(row.hash)
        head = heads.pop(key, None)
        if head is None or head.seq > expected:
            yield Fault(subject, head.seq if head else expected, "missing at the end")
        elif (head.seq, bytes(head.hash)) != (expected, last):
            yield Fault(subject, expected, "differs from the head")
    for kind, number in heads:
        yield Fault(f"{kind} {number}", 1, "the whole chain is missing")


def _faults_of_entry(subject: str, row: Entry, last: bytes) -> Iterator[Fault]:
    body: EntryBody | None = getattr(row, "body", None)
    if body is not None and chain.body_hash(bytes(body.salt), bytes(body.facts)) != bytes(row.body_hash):
        yield Fault(subject, row.seq, "its facts were changed")
    expected = chain.entry_hash(
        last, seq=row.seq, kind=row.kind, at=row.at, by_id=row.by_id, body=bytes(row.body_hash)
    )
    if expected != bytes(row.hash):
        yield Fault(subject, row.seq, "changed or out of order")


def _faults_of_anchors() -> Iterator[Fault]:
    last, expected = chain.NOTHING, 0
    sealed: dict[tuple[str, int], int] = {}
    for anchor in Anchor.objects.order_by("seq").iterator(chunk_size=50):
        expected += 1
        if anchor.seq != expected:
            yield Fault("anchor", expected, "missing")
            expected = anchor.seq
        if chain.anchor_hash(last, seq=anchor.seq, at=anchor.at, heads=bytes(anchor.heads)) != bytes(
            anchor.hash
        ):
            yield Fault("anchor", anchor.seq, "changed or out of order")
        last = bytes(anchor.hash)
        heads = json.loads(bytes(anchor.heads))
        sealed.update({(kind, number): seq for kind, number, seq, _digest in heads})
        yield from _faults_of_sealed(heads)
    known = Head.objects.filter(sealed_seq__gt=0).values_list("subject_kind", "subject_id", "sealed_seq")
    if any(sealed.get((kind, number), 0) < seq for kind, number, seq in known.iterator()):
        yield Fault("anchor", expected + 1, "missing at the end")


def _faults_of_sealed(heads: list[list[Any]]) -> Iterator[Fault]:
    by_kind: dict[str, dict[tuple[int, int], str]] = {}
    for kind, number, seq, digest in heads:
        by_kind.setdefault(kind, {})[(number, seq)] = digest
    for kind, sealed in by_kind.items():
        found = {
            (row.subject_id, row.seq): bytes(row.hash).hex()
            for row in Entry.objects.filter(
                subject_kind=kind, subject_id__in=[number for number, _seq in sealed]
            ).only("subject_id", "seq", "hash")
        }
        for (number, seq), digest in sealed.items():
            if found.get((number, seq)) != digest:
                yield Fault(f"{kind} {number}", seq, "differs from what was sealed")
