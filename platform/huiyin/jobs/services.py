"""Enqueue, cancel, claim and run rows."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from huiyin.core import errors, time_source
from huiyin.directory.models import Person
from huiyin.jobs import registry
from huiyin.jobs.models import Incident, Job

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
#: A row whose message was lost with the broker comes back after this; one that runs longer is held by its lock besides.
LEASE = timedelta(seconds=30)
#: The wait before attempt 2, 3, 4 and 5.
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30))


class AlreadyResolved(errors.Conflict):
    """Somebody has decided about this incident already."""


#: Rows of a replay: no worker takes them, they are run by whoever moves the virtual clock.
_held: ContextVar[bool] = ContextVar("jobs_held", default=False)
#: Rows that are still to be done.
OPEN = (Job.Status.WAITING, Job.Status.HELD)


@contextmanager
def held() -> Iterator[None]:
    """Hold the rows that are written within the block back from every worker."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


class WorkerLost(Exception):
    """The process that ran this row ended before the row did, as often as a row may be tried."""


@dataclass(frozen=True)
class Work:
    """A row to be: what, about whom, when. Two works with one key are one."""

    kind: str
    subject_kind: str
    subject_id: int
    key: str
    due_at: datetime
    args: dict[str, Any] = field(default_factory=dict)
    group: str = ""


def enqueue(*works: Work) -> None:
    """Write rows in the caller's transaction; a key that exists already is left as it is."""
    if not works:
        return
    status = Job.Status.HELD if _held.get() else Job.Status.WAITING
    rows = [
        Job(
            status=status,
            kind=w.kind,
            subject_kind=w.subject_kind,
            subject_id=w.subject_id,
            key=w.key,
            due_at=w.due_at,
            args=w.args,
            group=w.group,
        )
        for w in works
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    if settings.JOBS_WAKER and status == Job.Status.WAITING:
        waker = import_string(settings.JOBS_WAKER)
        due = [w.key for w in works if w.due_at <= time_source.now()]
        if due:
            transaction.on_commit(lambda: waker(due))


def cancel(*, subject_kind: str, subject_id: int, groups: Sequence[str] | None = None) -> None:
    """Take a subject's waiting rows back, all or some groups of them, in the caller's transaction."""
    condition: str = ""
    values: list[object] = [subject_kind, subject_id]
    if groups is not None:
        condition, values = 'AND "group" = ANY(%s)', [*values, list(groups)]
    with connection.cursor() as cursor:
        # One statement instead of the collector's: this runs at every step of every case. A row that a worker has in hand
        # is left to it: the worker waits for the subject's lock, which the caller holds, and its handler looks again.
        cursor.execute(
            f"""
            WITH gone AS (
                DELETE FROM jobs_job WHERE id IN (
                    SELECT id FROM jobs_job
                    WHERE status IN ('waiting', 'held') AND subject_kind = %s AND subject_id = %s {condition}
                    FOR UPDATE SKIP LOCKED)
                RETURNING id)
            UPDATE jobs_incident SET job_id = NULL FROM gone WHERE job_id = gone.id
            """,  # noqa: S608  a constant
            values,
        )


def claim(*, now: datetime, limit: int = 20, outside: bool | None = None) -> list[int]:
    """
    Lease due rows to the caller and return their keys, oldest first.

    The lease is counted by the database's clock: workers whose clocks disagree can't run one row twice.

    :param outside: only rows whose kind sends something first (True), only the others (False)
    """
    condition, chosen = "", []
    if outside is not None:
        condition, chosen = f"AND {'' if outside else 'NOT '}kind = ANY(%s)", [list(registry.outside_kinds())]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE jobs_job SET leased_until = clock_timestamp() + %s
            WHERE id IN (
                SELECT id FROM jobs_job
                WHERE status = 'waiting' AND due_at <= %s AND (leased_until IS NULL OR leased_until < clock_timestamp())
                {condition}
                ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id, due_at
            """,  # noqa: S608  a constant
            [LEASE, now, *chosen, limit],
        )
        return [row[0] for row in sorted(cursor.fetchall(), key=lambda row: (row[1], row[0]))]


def run(job_id: int, *, now: datetime) -> bool:
    """
    Do a row's work and mark it done in one transaction; False if it was done already.

    A failure is kept on the row: it is tried again later, and after the last attempt it becomes an incident.
    """
    begun = _begin(job_id)
    if begun is None:
        return False
    try:
        if begun.attempts > MAX_ATTEMPTS:
            raise WorkerLost
        args = registry.prepare(begun.kind, begun.args)
        with transaction.atomic():
            job = (
                Job.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=job_id, status__in=OPEN)
                .first()
            )
            if job is None:
                return False
            # Done first, in the same transaction: the work may take the case's other waiting rows back, not this one.
            job.status, job.done_at, job.leased_until = Job.Status.DONE, now, None
            job.attempts -= 1  # this one did not fail
            job.save(update_fields=["status", "done_at", "leased_until", "attempts"])
            registry.run(job.kind, args)
    except Exception as error:
        # Type and frames, not the message: an exception's text could carry a person's words.
        log.error(
            "job_failed",
            job=job_id,
            error=type(error).__name__,
            frames=traceback.format_tb(error.__traceback__)[-5:],
        )
        _fail(job_id, error, now)
    return True


def _begin(job_id: int) -> Job | None:
    """
    Count an attempt before it is made, in a transaction of its own; None if the row is done or in another's hands.

    So a row that kills its worker each time becomes an incident instead of coming back for ever, and one that only waited
    long in a queue does not.
    """
    begun = Job.objects.raw(
        """
        UPDATE jobs_job SET attempts = attempts + 1 WHERE id = (
            SELECT id FROM jobs_job WHERE id = %s AND status IN ('waiting', 'held') FOR UPDATE SKIP LOCKED)
        RETURNING *
        """,
        [job_id],
    )
    return next(iter(begun), None)


@transaction.atomic
def _fail(job_id: int, error: Exception, now: datetime) -> None:
    job = Job.objects.select_for_update().filter(pk=job_id, status__in=OPEN).first()
    if job is None:
        return
    job.error = error.sentence[:300] if isinstance(error, errors.Refusal) else type(error).__name__
    if job.attempts >= MAX_ATTEMPTS:
        job.status = Job.Status.FAILED
        Incident.objects.create(
            job=job,
            subject_kind=job.subject_kind,
            subject_id=job.subject_id,
            what=job.kind,
            step_id=getattr(error, "step_id", ""),
            error=job.error,
            opened_at=now,
        )
    else:
        job.due_at, job.leased_until = now + BACKOFF[job.attempts - 1], None
    job.save()


@transaction.atomic
def retry(*, incident: Incident, by: Person | None, now: datetime, corrected: bool = False) -> Incident:
    """
    Let an incident's job be tried again; an act that a person did is done again by that person.

    :raises AlreadyResolved: if the incident is closed
    """
    resolutions = Incident.Resolution
    return _resolve(incident, resolutions.CORRECTED if corrected else resolutions.RETRIED, "", by, now)


@transaction.atomic
def skip(*, incident: Incident, reason: str, by: Person | None, now: datetime) -> Incident:
    """
    Leave the work of an incident undone, for a reason that is kept.

    :raises AlreadyResolved: if the incident is closed
    """
    return _resolve(incident, Incident.Resolution.SKIPPED, reason, by, now)


def _resolve(
    incident: Incident, resolution: Incident.Resolution, reason: str, by: Person | None, now: datetime
) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.resolved_at is not None:
        raise AlreadyResolved
    job = Job.objects.filter(pk=locked.job_id, status=Job.Status.FAILED)
    if resolution == Incident.Resolution.SKIPPED:
        job.update(status=Job.Status.SKIPPED)
    else:
        job.update(status=Job.Status.WAITING, attempts=0, due_at=now, leased_until=None)
    locked.resolved_at, locked.resolved_by = now, by
    locked.resolution, locked.reason = resolution, reason[:300]
    locked.save()
    return locked


def open_incident(
    *, subject_kind: str, subject_id: int, what: str, step_id: str, error: str, now: datetime
) -> Incident:
    """Write down that an act failed for a reason that only a person can mend; failing again, it is the same incident."""
    named = {"subject_kind": subject_kind, "subject_id": subject_id, "what": what, "step_id": step_id}
    made = Incident(**named, error=error[:300], opened_at=now)
    Incident.objects.bulk_create([made], ignore_conflicts=True)
    return Incident.objects.open().get(**named, job=None)


def release(ids: Sequence[int]) -> None:
    """Give claimed rows back before their lease ends."""
    Job.objects.filter(pk__in=ids, status=Job.Status.WAITING).update(leased_until=None)


def run_due(
    *,
    now: datetime,
    limit: int = 20,
    outside: bool | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """
    Claim and run what is due at `now`, once through; returns how many rows were run.

    :param outside: as in :func:`claim`
    :param stopping: asked before each row; once it says so, the rest is given back
    """
    ids = claim(now=now, limit=limit, outside=outside)
    for count, job_id in enumerate(ids):
        if stopping():
            release(ids[count:])
            return count
        run(job_id, now=now)
    return len(ids)
