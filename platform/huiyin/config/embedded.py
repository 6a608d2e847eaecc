"""The database: the one that DATABASE_URL names, or the embedded PostgreSQL of the data directory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url

from huiyin.config import cluster, interrupts, paths
from huiyin.config.datadir import Kind, is_demo, open_data_dir
from huiyin.config.paths import data_dir
from huiyin.config.postgres import Postgres

__all__ = ["data_dir", "database_settings", "is_demo", "is_embedded", "joined", "open_data"]

STATEMENT_MS = 30_000
LOCK_MS = 10_000


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def database_settings() -> dict[str, object]:
    """
    Return Django's DATABASES["default"].

    Connections persist, because prepared statements belong to a connection. HUIYIN_STATEMENT_MS gives a long
    migration more time (0: no limit).
    """
    if is_embedded():
        found: dict[str, object] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": cluster.DATABASE,
            "USER": cluster.ROLE,
            "HOST": str(paths.socket_dir(data_dir())),
            # Said, so that a PGPORT in the environment changes nothing.
            "PORT": "5432",
        }
    else:
        found = dict(dj_database_url.config())
    options = dict(found.get("OPTIONS", {}))  # type: ignore[call-overload]
    statement = os.environ.get("HUIYIN_STATEMENT_MS", STATEMENT_MS)
    limits = f"-c statement_timeout={statement} -c lock_timeout={LOCK_MS}"
    options["options"] = f"{limits} {options.get('options', '')}".strip()
    options.setdefault("server_side_binding", True)
    options.setdefault("prepare_threshold", 1)
    return {**found, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def open_data(*, new_as: Kind | None = None, only: Kind | None = None) -> Path:
    """
    Open the data directory; make it if there is none.

    :raises CannotStart: if it cannot be used
    """
    open_data_dir(data_dir(), new_as=new_as or _default_kind(), only=only)
    return data_dir()


@contextmanager
def joined() -> Iterator[Postgres | None]:
    """
    Use the opened directory's PostgreSQL for a while (None with DATABASE_URL); the last to leave stops it.

    :raises CannotStart: if the server cannot run
    """
    server = Postgres(data_dir()) if is_embedded() else None
    if server:
        server.join()
    try:
        yield server
    finally:
        interrupts.ignore()
        if server:
            server.leave()


def _default_kind() -> Kind:
    if is_embedded() or os.environ.get("HUIYIN_DEMO") == "1":
        return Kind.DEMO
    return Kind.REAL
