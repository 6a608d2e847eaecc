"""Work that comes back: each turn is a row whose key names the turn, so two schedulers plan it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from huiyin.jobs import services
from huiyin.jobs.models import Job

#: Rows that are done are kept this long: their keys still refuse a repetition.
KEEP_DONE = timedelta(days=30)
#: Days turn at three in the morning in China, when nobody works.
NIGHT = timedelta(hours=5)


def plan(*, now: datetime) -> None:
    """
    Write the row of the present turn of every periodic job.

    Missed turns are not made up for one by one: the next one knows how many they were, as the argument `missed`. None is
    added while an earlier one still waits.
    """
    works = []
    for kind, seconds in settings.PERIODIC_JOBS.items():
        turn = int((now + NIGHT).timestamp()) // seconds
        works.append(services.Work(kind, "system", 0, f"{kind}:{turn}", now))
    there = Q(key__in=[work.key for work in works])
    for kind in settings.PERIODIC_JOBS:
        there |= Q(status=Job.Status.WAITING, subject_kind="system", subject_id=0, kind=kind)
    known = {name for pair in Job.objects.filter(there).values_list("key", "kind") for name in pair}
    for work in works:
        if not {work.key, work.kind} & known:
            services.enqueue(replace(work, args={"missed": _missed(work)}))


def _missed(work: services.Work) -> int:
    """How many turns lie between the last one that was planned and this one; 0 for the first, and after a clock set back."""
    before = Job.objects.filter(kind=work.kind, key__regex=rf"^{work.kind}:\d+$").order_by("-due_at")
    last = before.values_list("key", flat=True).first()
    if last is None:
        return 0
    turn, earlier = (int(key.rpartition(":")[2]) for key in (work.key, last))
    return max(turn - earlier - 1, 0)


def tidy(*, now: datetime) -> int:
    """Delete rows that were done long ago, but not those that an incident tells of."""
    old = Job.objects.filter(status=Job.Status.DONE, done_at__lt=now - KEEP_DONE, incidents=None)
    deleted, _by_model = old.delete()
    return deleted
