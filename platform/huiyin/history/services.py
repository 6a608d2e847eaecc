"""Write entries in the subject's own transaction; seal them; erase a body by law."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from huiyin.core import canonical, errors
from huiyin.history import chain
from huiyin.history.models import Anchor, Entry, EntryBody, Head

#: One seal covers at most this many heads; the rest waits for the next minute.
HEADS_PER_ANCHOR = 5000


class AlreadyErased(errors.Conflict):
    """These words have been erased already."""


@dataclass(frozen=True)
class Line:
    """What a service wants remembered: a kind with its words in `words/`, and the facts they need."""

    kind: str
    facts: Mapping[str, object] = field(default_factory=dict)


def record(
    *, subject_kind: str, subject_id: int, lines: Sequence[Line], by_id: int | None, at: datetime
) -> list[Entry]:
    """Append lines to a subject's chain; the caller holds the subject's lock and its transaction."""
    head = Head.objects.select_for_update().filter(subject_kind=subject_kind, subject_id=subject_id).first()
    seq, last = (head.seq, bytes(head.hash)) if head else (0, chain.NOTHING)
    entries, bodies = [], []
    for line in lines:
        seq += 1
        salt, facts = secrets.token_bytes(16), canonical.encode(dict(line.facts))
        body = chain.body_hash(salt, facts)
        last = chain.entry_hash(last, seq=seq, kind=line.kind, at=at, by_id=by_id, body=body)
        entry = Entry(
            subject_kind=subject_kind,
            subject_id=subject_id,
            seq=seq,
            kind=line.kind,
            at=at,
            by_id=by_id,
            body_hash=body,
            hash=last,
        )
        entries.append(entry)
        bodies.append(EntryBody(entry=entry, salt=salt, facts=facts))
    Entry.objects.bulk_create(entries)
    for entry, body_row in zip(entries, bodies, strict=True):
        body_row.entry_id = entry.pk
    EntryBody.objects.bulk_create(bodies)
    if head is None:
        Head.objects.create(subject_kind=subject_kind, subject_id=subject_id, seq=seq, hash=last)
    else:
        Head.objects.filter(pk=head.pk).update(seq=seq, hash=last)
    return entries


@transaction.atomic
def seal(*, at: datetime) -> Anchor | None:
    """Bind every head that is not sealed yet into the next anchor; None when nothing is new."""
    with connection.cursor() as cursor:
        # Two sealers would write two anchors with one number; the second waits for the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('huiyin.history.seal'))")
    heads = list(
        Head.objects.select_for_update(skip_locked=True)
        .filter(sealed_seq__lt=F("seq"))
        .order_by("id")[:HEADS_PER_ANCHOR]
    )
    if not heads:
        return None
    body = canonical.encode(
        [[head.subject_kind, head.subject_id, head.seq, bytes(head.hash).hex()] for head in heads]
    )
    before = Anchor.objects.order_by("-seq").first()
    seq = before.seq + 1 if before else 1
    digest = chain.anchor_hash(bytes(before.hash) if before else chain.NOTHING, seq=seq, at=at, heads=body)
    anchor = Anchor.objects.create(seq=seq, at=at, heads=body, hash=digest)
    Head.objects.filter(pk__in=[head.pk for head in heads]).update(sealed_seq=F("seq"))
    return anchor


@transaction.atomic
def erase_body(*, entry: Entry, by_id: int, reason: str, at: datetime) -> None:
    """
    Erase an entry's facts by law, and record that it was done; the chain stays whole.

    :raises AlreadyErased: if they are gone
    """
    with connection.cursor() as cursor:
        # The database lets a body go only inside a transaction that says so; see migration 0002.
        cursor.execute("SELECT set_config('huiyin.erasing', 'on', true)")
    deleted, _rows = EntryBody.objects.filter(pk=entry.pk).delete()
    if not deleted:
        raise AlreadyErased
    record(
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        lines=[Line("body_erased", {"seq": entry.seq, "reason": reason})],
        by_id=by_id,
        at=at,
    )
