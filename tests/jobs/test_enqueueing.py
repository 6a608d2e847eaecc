"""Work is written in its caller's transaction, once a key, and taken back by group."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from huiyin.jobs import services
from huiyin.jobs.models import Incident, Job
from tests.jobs.conftest import NOON, enqueue, minutes


def test_goes_with_its_callers_transaction(db):
    with transaction.atomic():
        enqueue("row")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_two_works_with_one_key_are_one(db, done):
    row = enqueue("row", number=1)
    services.enqueue(services.Work("test.note", "case", 1, "row", NOON + minutes(5), {"number": 2}))
    row.refresh_from_db()
    assert (Job.objects.count(), row.due_at, row.args) == (1, NOON, {"number": 1})
    services.run_due(now=NOON)
    enqueue("row", number=3)
    assert services.run_due(now=NOON) == 0
    assert done == [{"number": 1}]


def test_nothing_to_do_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        services.enqueue()


@pytest.mark.parametrize(
    ("groups", "left"),
    [
        (["task:1"], {"b", "other", "done"}),
        (["task:1", "rule:x"], {"other", "done"}),
        (["task:9"], {"a", "b", "other", "done"}),
        ([], {"a", "b", "other", "done"}),
        (None, {"other", "done"}),
    ],
)
def test_is_taken_back_by_group(db, done, groups, left):
    enqueue("done", group="task:1")
    services.run_due(now=NOON)
    enqueue("a", group="task:1")
    enqueue("b", group="rule:x")
    enqueue("other", group="task:1", subject=2)
    services.cancel(subject_kind="case", subject_id=1, groups=groups)
    assert set(Job.objects.values_list("key", flat=True)) == left


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_tried_again_after_an_incident_can_be_taken_back():
    row = enqueue("row")
    Incident.objects.create(
        job=row, subject_kind="case", subject_id=1, what="x", error="x", opened_at=NOON,
        resolved_at=NOON, resolution="retried",
    )  # fmt: skip
    services.cancel(subject_kind="case", subject_id=1)
    assert not Job.objects.exists()
    assert Incident.objects.get().job is None


@pytest.mark.django_db(transaction=True)
def test_taking_back_does_not_wait_for_a_row_that_is_being_done(kinds):
    """A worker holds its row and waits for the case; who holds the case and waits for the row would wait for ever."""
    begun, go_on = threading.Event(), threading.Event()

    def work(**_: object) -> None:
        begun.set()
        assert go_on.wait(20)

    kinds("test.slow", work)
    row = enqueue("row", kind="test.slow")
    enqueue("next", kind="test.slow")

    def worker() -> None:
        services.run(row.pk, now=NOON)
        connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        assert begun.wait(20)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            services.cancel(subject_kind="case", subject_id=1)
    finally:
        go_on.set()
        thread.join(20)
    assert list(Job.objects.values_list("key", "status")) == [("row", "done")]


def test_tells_the_waker_only_after_the_commit(db, settings, django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr("huiyin.jobs.celery_tasks.wake", told.append)
    settings.JOBS_WAKER = "huiyin.jobs.celery_tasks.wake"
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue("due")
        enqueue("far", due=NOON.replace(year=2999))
    assert told == []
    for callback in callbacks:
        callback()
    assert told == [["due"]]
