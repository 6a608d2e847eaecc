"""System checks of what the platform stands on."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ALIKE = "SELECT similarity('环境卫生整治', '环境卫生')"
TEMPLATE = (
    "CREATE DATABASE … TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
)


@register(Tags.database)
def check_database(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a database in which finding similar matters would silently find nothing in Chinese."""
    return [message for alias in databases or () for message in _check(connections[alias])]


def _check(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    if connection.vendor != "postgresql":
        return [Error("数据库必须是 PostgreSQL / The database must be PostgreSQL", id="huiyin.E001")]
    try:
        similarity = _similarity(connection)
    except ProgrammingError as error:
        return [
            Error(
                f"数据库缺少扩展 pg_trgm / The database lacks the extension pg_trgm: {error}",
                hint="以超级用户执行 / As a superuser: CREATE EXTENSION pg_trgm, then btree_gist",
                id="huiyin.E002",
            )
        ]
    if similarity > 0:
        return []
    return [
        Error(
            "数据库的 lc_ctype 不认识中文，相似查询会一无所获 / "
            "The database's lc_ctype does not know Chinese: similarity of two Chinese texts is 0",
            hint=f"重建数据库 / Make the database anew: {TEMPLATE}",
            id="huiyin.E003",
        )
    ]


def _similarity(connection: BaseDatabaseWrapper) -> float:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        borrowed = cursor.fetchone() is None
        if borrowed:
            # A new database gets it from a migration; the check runs before that and leaves no trace.
            cursor.execute("CREATE EXTENSION pg_trgm")
        cursor.execute(ALIKE)
        found: float = cursor.fetchone()[0]
        if borrowed:
            transaction.set_rollback(True, using=connection.alias)
    return found
