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


_HEAD = "SELECT seq, hash FROM history_head WHERE subject_kind = %s AND subject_id = %s FOR UPDATE"
#: One statement for what every act writes: entries, their bodies, and the subject's new head.
_APPEND = """
WITH lines AS (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[])
        AS line (seq, kind, body_hash, hash, salt, facts)
), entries AS (
    INSERT INTO history_entry (subject_kind, subject_id, seq, kind, at, by_id, body_hash, hash)
    SELECT %s, %s, seq, kind, %s, %s, body_hash, hash FROM lines ORDER BY seq
    RETURNING id, seq
), bodies AS (
    INSERT INTO history_entrybody (entry_id, salt, facts)
    SELECT entries.id, lines.salt, lines.facts FROM entries JOIN lines USING (seq)
)
INSERT INTO history_head (subject_kind, subject_id, seq, hash, sealed_seq) VALUES (%s, %s, %s, %s, 0)
ON CONFLICT (subject_kind, subject_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
"""


def record(
    *, subject_kind: str, subject_id: int, lines: Sequence[Line], by_id: int | None, at: datetime
) -> None:
    """Append lines to a subject's chain; the caller holds the subject's lock and its transaction."""
    subject = [subject_kind, subject_id]
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, subject)
        seq, last = cursor.fetchone() or (0, chain.NOTHING)
    last = bytes(last)
    rows = []
    for line in lines:
        seq += 1
        salt, facts = secrets.token_bytes(16), canonical.encode(dict(line.facts))
        body = chain.body_hash(salt, facts)
        last = chain.entry_hash(last, seq=seq, kind=line.kind, at=at, by_id=by_id, body=body)
        rows.append((seq, line.kind, body, last, salt, facts))
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, [*columns, *subject, at, by_id, *subject, seq, last])


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
        cursor.execute("SELECT set_config('huiyin.erasing', 'off', true)")
    if not deleted:
        raise AlreadyErased
    record(
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        lines=[Line("body_erased", {"seq": entry.seq, "reason": reason})],
        by_id=by_id,
        at=at,
    )
