"""Bring a backup back: into a scratch database to see whether it is good, or into an empty installation."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection

from huiyin.config import backups, datadir, paths
from huiyin.core import errors
from huiyin.jobs.selectors import MANIFEST


class NoBackup(errors.Invalid):
    """This is no backup, or it is damaged: %(what)s"""


class NotEmpty(errors.Conflict):
    """There are data in this installation already (%(what)s). A backup is brought back into an empty one: give another --data."""


class OtherKind(errors.Conflict):
    """The backup is of a %(found)s directory, and this is a %(here)s one."""


class NoRoom(errors.Conflict):
    """A scratch database cannot be made: %(why)s. Let the role create databases, or check the backup on another machine."""


@dataclass(frozen=True)
class Checked:
    """What a restored backup holds; `faults` is empty for a good one."""

    made_at: str
    entries: int
    cases: int
    attachments: int
    opened: bool
    faults: list[str]


def read(path: Path) -> dict[str, Any]:
    """
    The manifest of a backup whose dump is as it was written.

    :raises NoBackup: if something is missing or changed
    """
    try:
        manifest = dict(json.loads((path / MANIFEST).read_text(encoding="utf-8")))
        changed = manifest["sha256"][backups.DUMP] != backups.digest_of(path / backups.DUMP)
    except (OSError, ValueError, KeyError) as error:
        raise NoBackup(what=str(error)) from error
    if changed:
        raise NoBackup(what=f"{backups.DUMP} is not what was written / 与备份时不一致")
    return manifest


def check(path: Path) -> Checked:
    """
    Restore a backup into a scratch database, and see whether everything is in it; nothing of the installation is touched.

    :raises NoBackup: if it is damaged
    :raises NoRoom: if there can be no scratch database
    """
    manifest = read(path)
    with _scratch_database() as name:
        _restore_into(path, name)
        found = _look_at(name, path / backups.FILES)
    faults = list(found["faults"])
    for table, count in manifest["counts"].items():
        if found["counts"].get(table) != count:
            faults.append(f"{table}: {found['counts'].get(table)} rows, {count} when it was made")
    if found["anchor"] != manifest["anchor"]:
        faults.append("the newest seal of the history is another one than when it was made")
    return Checked(
        made_at=manifest["made_at"],
        entries=found["counts"].get("history_entry", 0),
        cases=found["counts"].get("cases_case", 0),
        attachments=found["attachments"],
        opened=manifest["field_key"] == backups.fingerprint(),
        faults=faults,
    )


def restore(path: Path) -> bool:
    """
    Bring a backup back into this empty installation; whether the keys at hand open its sealed columns.

    :raises NoBackup: if it is damaged
    :raises OtherKind: if a demo would become a real installation, or the other way round
    :raises NotEmpty: if there are data here
    """
    manifest = read(path)
    here = str(datadir.read_kind(paths.data_dir()) or "")
    if manifest["kind"] and here and manifest["kind"] != here:
        raise OtherKind(found=manifest["kind"], here=here)
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.rglob("*.*")):
        raise NotEmpty(what=str(media))
    with connection.cursor() as cursor:
        if "directory_jurisdiction" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT count(*) FROM directory_jurisdiction")
            if cursor.fetchone()[0]:
                raise NotEmpty(what="directory_jurisdiction")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    _restore_into(path, None)
    shutil.copytree(path / backups.FILES, media, dirs_exist_ok=True)
    return bool(manifest["field_key"] == backups.fingerprint())


def _restore_into(path: Path, database: str | None) -> None:
    arguments = (
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--exit-on-error",
        str(path / backups.DUMP),
    )
    backups.program("pg_restore", *arguments, database=database)


@contextmanager
def _scratch_database() -> Iterator[str]:
    name = f"huiyin_check_{secrets.token_hex(4)}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    except (ProgrammingError, OperationalError) as error:
        raise NoRoom(why=str(error).strip().splitlines()[0]) from error
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def _look_at(database: str, media: Path) -> dict[str, Any]:
    """Ask a process of its own, whose database and attachments are the restored ones."""
    command = [sys.executable, "-P", "-m", "huiyin.config.restored", database, str(media)]
    path = os.pathsep.join(part for part in sys.path if part)
    done = subprocess.run(  # noqa: S603
        command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoBackup(what=done.stderr.strip().splitlines()[-1][:250] if done.stderr.strip() else "?")
    return dict(json.loads(done.stdout))
