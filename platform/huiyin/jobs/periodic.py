"""Work that comes back: each turn is a row whose key names the turn, so two schedulers plan it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from huiyin.jobs import services
from huiyin.jobs.models import Job

#: Rows that are done are kept this long: their keys still refuse a repetition.
KEEP_DONE = timedelta(days=30)


def plan(*, now: datetime) -> None:
    """Write the row of the present turn of every periodic job; missed turns are not made up for one by one."""
    works = []
    for kind, seconds in settings.PERIODIC_JOBS.items():
        turn = int(now.timestamp()) // seconds
        works.append(services.Work(kind, "system", 0, f"{kind}:{turn}", now))
    known = set(Job.objects.filter(key__in=[work.key for work in works]).values_list("key", flat=True))
    services.enqueue(*[work for work in works if work.key not in known])


def tidy(*, now: datetime) -> int:
    """Delete rows that were done long ago."""
    deleted, _by_model = Job.objects.filter(status=Job.Status.DONE, done_at__lt=now - KEEP_DONE).delete()
    return deleted
