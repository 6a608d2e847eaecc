"""Work that comes back: each turn is a row whose key names the turn, so two schedulers plan it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from huiyin.jobs import services
from huiyin.jobs.models import Job

#: Rows that are done are kept this long: their keys still refuse a repetition.
KEEP_DONE = timedelta(days=30)


def plan(*, now: datetime) -> None:
    """
    Write the row of the present turn of every periodic job.

    Missed turns are not made up for one by one, and none is added while an earlier one still waits.
    """
    works = []
    for kind, seconds in settings.PERIODIC_JOBS.items():
        turn = int(now.timestamp()) // seconds
        works.append(services.Work(kind, "system", 0, f"{kind}:{turn}", now))
    there = Q(key__in=[work.key for work in works])
    for kind in settings.PERIODIC_JOBS:
        there |= Q(status=Job.Status.WAITING, subject_kind="system", subject_id=0, kind=kind)
    known = {name for pair in Job.objects.filter(there).values_list("key", "kind") for name in pair}
    services.enqueue(*[work for work in works if not {work.key, work.kind} & known])


def tidy(*, now: datetime) -> int:
    """Delete rows that were done long ago, but not those that an incident tells of."""
    old = Job.objects.filter(status=Job.Status.DONE, done_at__lt=now - KEEP_DONE, incidents=None)
    deleted, _by_model = old.delete()
    return deleted
