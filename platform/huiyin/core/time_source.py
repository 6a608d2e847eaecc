"""
The computer's time, in one place, so that replay and tests can stand at any moment.

Services never ask for the time: they are given `now`. Only the edges (pages, viewsets, jobs, commands) ask here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_virtual: ContextVar[datetime | None] = ContextVar("virtual_now", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC or as set by :func:`standing_at`."""
    return _virtual.get() or timezone.now()


def today() -> date:
    """Return the present day in the office's time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the day on which a moment falls in the office's time zone."""
    return timezone.localtime(moment).date()


def moment_within(on: date, now: datetime) -> datetime:
    """Return when something happened of which only the day is known: now, if that is today, else the noon of that day."""
    if on >= day_of(now):
        return now
    return timezone.make_aware(datetime.combine(on, time(12)))


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the time source stand at `moment` within the block, for this thread or coroutine only."""
    token = _virtual.set(moment)
    try:
        yield
    finally:
        _virtual.reset(token)
