"""The embedded worker: does what is due, survives a database that goes away, stops when told."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection
from django.db.utils import OperationalError

from huiyin.core import time_source
from huiyin.jobs import services
from huiyin.jobs.loop import JobLoop
from huiyin.jobs.models import Incident, Job
from tests.jobs.conftest import NOON, enqueue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loop(settings):
    settings.PERIODIC_JOBS = {}
    started = JobLoop(pause=0.01)
    yield started
    started.stop(20)
    assert not started.is_alive()


def is_done(key: str, seconds: float = 20) -> bool:
    """Whether a row becomes done within the time; the loop commits after its handler."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if Job.objects.filter(key=key, status=Job.Status.DONE).exists():
            return True
        threading.Event().wait(0.02)
    return False


def test_does_what_is_due(loop, done):
    enqueue("row", number=1)
    loop.start()
    assert is_done("row")
    assert done == [{"number": 1}]


def test_plans_what_comes_back(loop, done, settings):
    settings.PERIODIC_JOBS = {"test.note": 86400}
    loop.start()
    turn = int(time_source.now().timestamp()) // 86400
    assert is_done(f"test.note:{turn}") or is_done(f"test.note:{turn + 1}")


def test_goes_on_after_work_that_failed(loop, done, kinds):
    def fail(**_: object) -> None:
        raise RuntimeError

    kinds("test.fail", fail)
    enqueue("bad", kind="test.fail")
    loop.start()
    enqueue("good")
    assert is_done("good")
    assert Job.objects.get(key="bad").attempts == 1


def test_goes_on_after_its_connection_was_cut(loop, kinds):
    backends: list[int] = []

    def look(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])

    kinds("test.look", look)
    enqueue("before", kind="test.look")
    loop.start()
    assert is_done("before")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backends[0]])
    enqueue("after", kind="test.look")
    assert is_done("after")
    assert backends[0] != backends[1]


def test_goes_on_after_its_connection_was_cut_in_the_middle_of_work(loop, kinds):
    backends: list[int] = []

    def look(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backends.append(cursor.fetchone()[0])
            if len(backends) == 1:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    kinds("test.look", look)
    row = enqueue("row", kind="test.look")
    loop.start()
    until = time.monotonic() + 20
    while not Job.objects.filter(pk=row.pk, leased_until__isnull=False).exists() and time.monotonic() < until:
        threading.Event().wait(0.02)
    enqueue("next", kind="test.look")
    assert is_done("next")
    assert loop.is_alive()
    # The row that was cut is not lost: it waits for another turn or for the end of its lease, or has had that turn already.
    row.refresh_from_db()
    assert row.status in (Job.Status.WAITING, Job.Status.DONE)
    assert not Incident.objects.exists()


def test_waits_for_a_database_that_is_away(loop, done, monkeypatch):
    away, real = [1, 2, 3], services.claim

    def claim(**given):
        if away:
            away.pop()
            raise OperationalError("the database system is starting up")
        return real(**given)

    monkeypatch.setattr(services, "claim", claim)
    enqueue("row")
    loop.start()
    assert is_done("row")
    assert away == []


def test_survives_a_fault_of_its_own(loop, done, monkeypatch):
    faults, real = [1], services.claim

    def claim(**given):
        if faults:
            faults.pop()
            raise ValueError("a bug")
        return real(**given)

    monkeypatch.setattr(services, "claim", claim)
    enqueue("row")
    loop.start()
    assert is_done("row")


def test_lets_the_row_in_hand_finish_when_it_is_stopped(loop, kinds):
    begun, go_on = threading.Event(), threading.Event()

    def slow(**_: object) -> None:
        begun.set()
        assert go_on.wait(20)

    kinds("test.slow", slow)
    enqueue("row", kind="test.slow")
    enqueue("not begun", kind="test.slow", due=NOON.replace(year=2999))
    loop.start()
    assert begun.wait(20)
    loop.stop(0.01)
    assert loop.is_alive()
    go_on.set()
    loop.stop(20)
    assert dict(Job.objects.values_list("key", "status")) == {"row": "done", "not begun": "waiting"}


def test_stops_before_the_next_row_of_a_batch(loop, kinds):
    ran: list[str] = []

    def work(*, name: str, **_: object) -> None:
        ran.append(name)
        loop._stopping.set()

    kinds("test.work", work)
    for name in ("a", "b", "c"):
        enqueue(name, kind="test.work", name=name)
    loop.start()
    loop.join(20)
    assert ran == ["a"]


def test_can_be_stopped_before_it_was_started(settings):
    stopped = JobLoop()
    stopped.stop(1)
    assert not stopped.is_alive()
