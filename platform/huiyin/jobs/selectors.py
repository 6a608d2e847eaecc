"""How the background work stands, for the operator."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from huiyin.jobs.models import Job

#: Work that is due for longer than this has nobody who does it: the worker stands still.
STALLED = timedelta(minutes=2)


@dataclass(frozen=True)
class Kind:
    """The rows of one kind of job."""

    kind: str
    due: int
    later: int
    failed: int
    oldest_due: datetime | None
    next_due: datetime | None
    last_done: datetime | None


@dataclass(frozen=True)
class Standing:
    """All background work; `stalled_since` is the moment since when due work is not done, None while all is well."""

    kinds: tuple[Kind, ...]
    due: int
    failed: int
    last_done: datetime | None
    stalled_since: datetime | None


def standing(now: datetime) -> Standing:
    """What is due, what failed, and whether anybody works."""
    waiting = Q(status=Job.Status.WAITING)
    due, later = waiting & Q(due_at__lte=now), waiting & Q(due_at__gt=now)
    rows = (
        Job.objects.exclude(status=Job.Status.HELD)
        .values("kind")
        .annotate(
            due=Count("id", filter=due),
            later=Count("id", filter=later),
            failed=Count("id", filter=Q(status=Job.Status.FAILED)),
            oldest_due=Min("due_at", filter=due),
            next_due=Min("due_at", filter=later),
            last_done=Max("done_at"),
        )
        .order_by("kind")
    )
    kinds = tuple(Kind(**row) for row in rows)
    oldest = min((kind.oldest_due for kind in kinds if kind.oldest_due), default=None)
    return Standing(
        kinds=kinds,
        due=sum(kind.due for kind in kinds),
        failed=sum(kind.failed for kind in kinds),
        last_done=max((kind.last_done for kind in kinds if kind.last_done), default=None),
        stalled_since=oldest if oldest is not None and oldest < now - STALLED else None,
    )


#: The file that makes a folder a backup; it is written last.
MANIFEST = "manifest.json"


#: A daily backup that is older than this has been missed.
BACKUP_LATE = timedelta(hours=26)


@dataclass(frozen=True)
class Backup:
    """A backup on disk; sizes in bytes."""

    path: Path
    at: datetime
    size: int


def backups(folder: Path) -> list[Backup]:
    """The backups below a folder, newest first; what is no backup, or was half made, is not among them."""
    found = []
    for manifest in folder.glob(f"huiyin-*/{MANIFEST}"):
        try:
            about = json.loads(manifest.read_text(encoding="utf-8"))
            size = (manifest.parent / "database.dump").stat().st_size + about["attachments"]["bytes"]
            found.append(Backup(manifest.parent, datetime.fromisoformat(about["made_at"]), size))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged: `manage restore --check` says how
    return sorted(found, key=lambda backup: backup.at, reverse=True)


@dataclass(frozen=True)
class BackupStanding:
    """How the daily backups stand; `folder` is None where the platform makes none."""

    folder: Path | None
    newest: Backup | None = None
    count: int = 0
    is_late: bool = False


def backup_standing(now: datetime) -> BackupStanding:
    """The newest backup, and whether one was missed."""
    if not settings.BACKUP_DIR:
        return BackupStanding(None)
    folder = Path(settings.BACKUP_DIR)
    found = backups(folder)
    newest = found[0] if found else None
    is_late = newest is None or now - newest.at > BACKUP_LATE
    return BackupStanding(folder, newest, len(found), is_late)
