"""Chains to write, and hands that tamper with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from huiyin.history import selectors, services
from huiyin.history.models import Entry
from tests.conftest import at

MORNING = at("2026-09-01T09:00")


def write(subject: int = 1, *kinds: str, kind: str = "case", by: int | None = 7) -> list[Entry]:
    """Append entries to a chain and return the whole chain."""
    lines = [
        services.Line(name, {"words": f"{name} {n}", "n": n})
        for n, name in enumerate(kinds or ("urged",) * 3)
    ]
    services.record(subject_kind=kind, subject_id=subject, lines=lines, by_id=by, at=MORNING)
    return list(Entry.objects.filter(subject_kind=kind, subject_id=subject).order_by("seq"))


@contextmanager
def as_owner() -> Iterator[None]:
    """Someone who owns the tables can switch their guards off; that is what chains and anchors are for."""
    tables = ("history_entry", "history_entrybody", "history_anchor")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[str]:
    return [f"{fault.subject} {fault.seq} {fault.what}" for fault in selectors.faults()]


@pytest.fixture(autouse=True)
def _database(db):
    return db
