"""A row is claimed by one worker, oldest first, and comes back when its lease ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from huiyin.jobs import services
from huiyin.jobs.models import Incident, Job
from tests.jobs.conftest import NOON, enqueue, minutes


def keys(ids: list[int]) -> list[str]:
    names = dict(Job.objects.filter(pk__in=ids).values_list("pk", "key"))
    return [names[number] for number in ids]


def test_takes_what_is_due_oldest_first(db):
    enqueue("late", due=NOON - minutes(1))
    enqueue("early", due=NOON - minutes(9))
    enqueue("now", due=NOON)
    enqueue("tomorrow", due=NOON + timedelta(days=1))
    assert keys(services.claim(now=NOON)) == ["early", "late", "now"]


def test_takes_no_more_than_asked(db):
    for number in range(5):
        enqueue(f"row{number}", due=NOON - minutes(number))
    assert keys(services.claim(now=NOON, limit=2)) == ["row4", "row3"]
    assert keys(services.claim(now=NOON, limit=9)) == ["row2", "row1", "row0"]


def test_gives_a_leased_row_to_nobody_else(db):
    enqueue("row")
    assert services.claim(now=NOON)
    assert services.claim(now=NOON) == []
    assert services.claim(now=NOON + timedelta(days=365)) == []


def test_counts_the_lease_by_the_databases_clock(db):
    row = enqueue("row")
    services.claim(now=NOON)
    # The worker's own clock stands in 2026-09; the lease ends half a minute after the database's now.
    left = Job.objects.filter(pk=row.pk, leased_until__gt=Now(), leased_until__lte=Now() + services.LEASE)
    assert left.exists()
    Job.objects.filter(pk=row.pk).update(leased_until=Now() - timedelta(seconds=1))
    assert services.claim(now=NOON) == [row.pk]


def test_leaves_done_and_failed_rows_alone(db):
    for status in (Job.Status.DONE, Job.Status.FAILED):
        row = enqueue(status)
        Job.objects.filter(pk=row.pk).update(status=status)
    assert services.claim(now=NOON) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_get_the_same_row():
    for number in range(60):
        enqueue(f"row{number}")
    start, found = threading.Barrier(2, timeout=20), []

    def work() -> None:
        try:
            start.wait()
            mine: list[int] = []
            while claimed := services.claim(now=NOON, limit=7):
                mine += claimed
            found.append(mine)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert sorted(found[0] + found[1]) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_does_not_wait_for_a_row_that_another_worker_is_claiming():
    first = enqueue("first", due=NOON - minutes(5))
    second = enqueue("second")
    got: list[list[int]] = []

    def work() -> None:
        got.append(services.claim(now=NOON))
        connection.close()

    with transaction.atomic():
        assert services.claim(now=NOON, limit=1) == [first.pk]
        worker = threading.Thread(target=work)
        worker.start()
        worker.join(10)
        assert got == [[second.pk]]


def test_a_row_that_ends_its_worker_each_time_becomes_an_incident(db, done):
    row = enqueue("kills")
    for _ in range(services.MAX_ATTEMPTS):
        assert services.claim(now=NOON) == [row.pk]
        assert services._begin(row.pk)
        # The worker dies: nothing is done, and the lease runs out.
        Job.objects.update(leased_until=Now() - timedelta(seconds=1))
    services.run(row.pk, now=NOON)
    assert Job.objects.get().status == Job.Status.FAILED
    assert Incident.objects.get().error == "WorkerLost"
    assert done == []


def test_a_row_that_only_waited_long_in_a_queue_has_no_attempts(db, done):
    """A backlog whose messages wait longer than their leases is claimed again and again, and is no incident."""
    row = enqueue("waits", name="waits")
    for _ in range(services.MAX_ATTEMPTS + 1):
        assert services.claim(now=NOON) == [row.pk]
        Job.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert services.run(row.pk, now=NOON)
    assert (Job.objects.get().status, Job.objects.get().attempts) == (Job.Status.DONE, 0)
    assert done == [{"name": "waits"}]
