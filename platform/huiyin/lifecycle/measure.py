"""Measure a long run: memory with PostgreSQL's, and a digest of every table."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.db import connection

#: Tables whose rows say who looked, not what was done.
NOT_DATA = frozenset({"django_session", "django_migrations"})


class Memory:
    """The highest sum seen of this process and of PostgreSQL's processes, in MB (proportional set size)."""

    def __init__(self) -> None:
        self.peak = 0.0
        self.with_database = False

    def look(self) -> None:
        """Measure once."""
        parents = _parents()
        own = sum(_pss(pid) for pid in [os.getpid(), *_children(os.getpid(), parents)])
        database = sum(_pss(pid) for pid in _server_pids(parents))
        self.with_database = self.with_database or database > 0
        self.peak = max(self.peak, (own + database) / 1024)


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0  # a process that ended, or another account's: it is left out, and `with_database` says so
    return 0


def _parents() -> dict[int, int]:
    """Every process that can be seen, with its parent."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if len(fields) > 1:  # a process that is just ending reads as nothing
            found[int(status.parent.name)] = int(fields[1])
    return found


def _children(pid: int, parents: dict[int, int]) -> list[int]:
    return [child for child, parent in parents.items() if parent == pid]


def _server_pids(parents: dict[int, int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = parents.get(cursor.fetchone()[0], 1)
    return [] if server == 1 else [server, *_children(server, parents)]


def digest() -> str:
    """A hash of every row of every table; equal digests mean that nothing changed."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in NOT_DATA:
                continue
            name = connection.ops.quote_name(table)
            # A name from the database's own catalogue, quoted by Django.
            query = f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {name} t"  # noqa: S608
            cursor.execute(query)
            total.update(f"{table}:{cursor.fetchone()}\n".encode())
    return total.hexdigest()
