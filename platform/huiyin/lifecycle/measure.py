"""Measure a long run: memory with PostgreSQL's, and a digest of every table."""

from __future__ import annotations

import hashlib
import os
import resource
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
        own = _pss(os.getpid()) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        database = sum(_pss(pid) for pid in _server_pids())
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


def _server_pids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(text.rpartition(")")[2].split()[1])
    server = parents.get(backend)
    return (
        []
        if server in (None, 1)
        else [pid for pid, parent in parents.items() if parent == server] + [int(server or 0)]
    )


def digest() -> str:
    """A hash of every row of every table; equal digests mean that nothing changed."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in NOT_DATA:
                continue
            name = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {name} t"
            )
            total.update(f"{table}:{cursor.fetchone()}\n".encode())
    return total.hexdigest()
