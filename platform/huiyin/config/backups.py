"""
A backup: the database as of one moment, its attachments, and a manifest that says what must be found again.

It can be made while the platform runs. The database is dumped first, from one snapshot, and attachments are copied after
it: files are never changed and are there before their row, so whatever the snapshot names is found. Keys stay apart.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from huiyin.config import binaries, datadir, locks, paths
from huiyin.core import errors
from huiyin.jobs import selectors
from huiyin.jobs.selectors import MANIFEST

DUMP, FILES = "database.dump", "attachments"
#: What is kept of the daily ones: the newest so many, and the newest of so many weeks and months.
KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 7, 5, 12


class BackupFailed(errors.Conflict):
    """The backup was not made: %(why)s"""


class KeysBeside(errors.Invalid):
    """Keys are kept apart from backups: name a folder outside the backup's."""


def make(folder: Path, now: datetime) -> Path:
    """
    Write a backup into a new folder below `folder` and return it; nothing half made is ever found there.

    :raises BackupFailed: if another one is being made, or with the last words of pg_dump
    """
    paths.make_folder(folder)
    with _alone(folder):
        fresh = folder / f".partial-{os.getpid()}"
        fresh.mkdir(mode=0o700)
        manifest = _dump(fresh, now)
        manifest["attachments"] = _copy_attachments(fresh, _newest(folder))
        manifest["sha256"] = {DUMP: digest_of(fresh / DUMP)}
        _write_through(fresh / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        made = folder / f"huiyin-{timezone.localtime(now):%Y%m%d-%H%M%S}"
        fresh.rename(made)
    return made


def copy_keys(keys: Path, folder: Path) -> None:
    """
    Copy the installation's keys to a folder that is not the backup's.

    :raises KeysBeside: if it is the backup's folder or lies in it
    """
    if keys.resolve() == folder.resolve() or folder.resolve() in keys.resolve().parents:
        raise KeysBeside
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("secret_key", "field_keys"):
        target = keys / name
        target.touch(mode=0o600)
        target.write_text((paths.data_dir() / "keys" / name).read_text())


def prune(folder: Path) -> list[Path]:
    """Delete what is older than the schedule keeps; returns what was deleted. The newest is never deleted."""
    keep: set[Path] = set()
    seen: dict[str, set[str]] = {"%Y%m%d": set(), "%G-%V": set(), "%Y%m": set()}
    limits = {"%Y%m%d": KEEP_DAYS, "%G-%V": KEEP_WEEKS, "%Y%m": KEEP_MONTHS}
    backups = selectors.backups(folder)
    for backup in backups:
        for form, names in seen.items():
            name = backup.at.strftime(form)
            if name not in names and len(names) < limits[form]:
                names.add(name)
                keep.add(backup.path)
    gone = [backup.path for backup in backups if backup.path not in keep]
    for path in gone:
        shutil.rmtree(path)
    return gone


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = locks.FileLock(folder / ".backup.lock")
    try:
        if not lock.try_exclusive():
            raise BackupFailed(why="another backup is being made / 另一个备份正在进行")
        for left_over in folder.glob(".partial-*"):
            shutil.rmtree(left_over)
        yield
    finally:
        lock.close()


def _dump(fresh: Path, now: datetime) -> dict[str, Any]:
    """Dump from a snapshot in which everything is counted too, and give the manifest so far."""
    # A connection of its own: the snapshot lives as long as its transaction, whatever the caller's does.
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
            snapshot, server = cursor.fetchone()
            manifest = {
                "made_at": now.isoformat(),
                "kind": str(datadir.read_kind(paths.data_dir()) or ""),
                "server": server,
                "counts": counts(cursor),
                "anchor": newest_anchor(cursor),
                "field_key": fingerprint(),
            }
            wanted = (
                "-Fc",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={fresh / DUMP}",
            )
            program("pg_dump", *wanted)
    finally:
        own.close()
    return manifest


def counts(cursor: Any) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  from the catalogue
        found[table] = cursor.fetchone()[0]
    return found


def newest_anchor(cursor: Any) -> str:
    """The newest seal of the history: what the restored one must have too."""
    cursor.execute("SELECT encode(hash, 'hex') FROM history_anchor ORDER BY seq DESC LIMIT 1")
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def fingerprint() -> str:
    """Which key opens the sealed columns, without telling the key."""
    return hashlib.sha256(settings.FIELD_KEYS[0].encode()).hexdigest()[:12]


def program(name: str, *arguments: str, database: str | None = None) -> None:
    """
    Run one of PostgreSQL's programs on the platform's database, or on another of its server.

    :raises BackupFailed: with its last words
    """
    found = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    wanted = {variable: str(found[name]) for name, variable in names.items() if found.get(name)}
    environment: Mapping[str, str] = {
        "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10",
        "PGDATABASE": database or str(found["NAME"]), "PGOPTIONS": "-c statement_timeout=0", **wanted,
    }  # fmt: skip
    command = [str(binaries.installed() / name), *arguments]
    if name == "pg_restore":
        command.append(f"--dbname={environment['PGDATABASE']}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFailed(why=" ".join(done.stderr.strip().splitlines()[-2:])[:250])


def _newest(folder: Path) -> Path | None:
    backups = selectors.backups(folder)
    return backups[0].path / FILES if backups else None


def _copy_attachments(fresh: Path, before: Path | None) -> dict[str, int]:
    """Copy every file, or link to the same one in the backup before: attachments never change."""
    source, count, size = Path(settings.MEDIA_ROOT), 0, 0
    (fresh / FILES).mkdir()
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        target = fresh / FILES / name
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        known = before / name if before is not None else None
        try:
            if known is not None and known.is_file() and known.stat().st_size == path.stat().st_size:
                os.link(known, target)
            else:
                shutil.copy2(path, target)
        except FileNotFoundError:
            continue  # swept away meanwhile: an upload that nobody sent
        count, size = count + 1, size + target.stat().st_size
    return {"files": count, "bytes": size}


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_through(path: Path, text: str) -> None:
    """Write the manifest last, and everything before it to the disk: a backup that is named is whole."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
    os.sync()
