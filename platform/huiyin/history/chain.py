"""How hashes are made: pure functions, so that an outsider can check a chain with a page of code."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from huiyin.core import canonical

NOTHING = bytes(32)


def body_hash(salt: bytes, facts: bytes) -> bytes:
    """The hash that stands for an entry's facts, also after they were erased."""
    return hashlib.sha256(salt + facts).digest()


def entry_hash(
    previous: bytes, *, seq: int, kind: str, at: datetime, by_id: int | None, body: bytes
) -> bytes:
    """The hash of an entry, which binds it to the entry before."""
    head = canonical.encode({"seq": seq, "kind": kind, "at": at.astimezone(UTC), "by": by_id})
    return hashlib.sha256(previous + head + body).digest()


def anchor_hash(previous: bytes, *, seq: int, at: datetime, heads: bytes) -> bytes:
    """The hash of a seal, which binds it to the seal before."""
    head = canonical.encode({"seq": seq, "at": at.astimezone(UTC)})
    return hashlib.sha256(previous + head + heads).digest()
