"""Periodic work of packages that may not know `jobs`."""

from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from huiyin.config import backups
from huiyin.core import time_source
from huiyin.files import services as files
from huiyin.history import services as history
from huiyin.jobs.registry import job


@job("history.seal")
def seal(**_: object) -> None:
    """Bind new entries into the next anchor."""
    history.seal(at=time_source.now())


@job("sessions.clear")
def clear_sessions(**_: object) -> None:
    """Forget browsers that have not come back."""
    SessionStore.clear_expired()


@job("files.sweep")
def sweep(**_: object) -> None:
    """Delete uploads that nobody committed."""
    files.sweep(now=time_source.now())


@job("backups.make")
def back_up(**_: object) -> None:
    """Make the daily backup, and delete those that the schedule does not keep."""
    backups.make(Path(settings.BACKUP_DIR), time_source.now())
    backups.prune(Path(settings.BACKUP_DIR))
