"""Work that comes back is planned once a turn, and missed turns are one."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.jobs import periodic, services
from huiyin.jobs.models import Job
from tests.jobs.conftest import NOON


@pytest.fixture(autouse=True)
def _turns(settings):
    settings.PERIODIC_JOBS = {"test.note": 60}


def test_a_turn_is_planned_once(db, done):
    for second in (0, 1, 30, 59):
        periodic.plan(now=NOON + timedelta(seconds=second))
        services.run_due(now=NOON + timedelta(seconds=second))
    assert (len(done), Job.objects.count()) == (1, 1)


def test_the_next_turn_comes(db, done):
    for second in (0, 60, 120):
        periodic.plan(now=NOON + timedelta(seconds=second))
        services.run_due(now=NOON + timedelta(seconds=second))
    assert len(done) == 3


def test_missed_turns_are_not_made_up_for(db, done):
    periodic.plan(now=NOON)
    services.run_due(now=NOON)
    periodic.plan(now=NOON + timedelta(hours=3))
    assert services.run_due(now=NOON + timedelta(hours=3)) == 1
    assert len(done) == 2


def test_turns_that_nobody_ran_do_not_pile_up(db, done):
    """The planner lives on while the work stands still: one turn waits, not one for every minute."""
    for minute in range(60):
        periodic.plan(now=NOON + timedelta(minutes=minute))
    assert services.run_due(now=NOON + timedelta(hours=1)) == 1
    assert done == [{}]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_plan_it_once():
    start = threading.Barrier(2, timeout=20)

    def plan() -> None:
        try:
            start.wait()
            for second in range(0, 600, 20):
                periodic.plan(now=NOON + timedelta(seconds=second))
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Job.objects.count() <= 10
    assert len(set(Job.objects.values_list("key", flat=True))) == Job.objects.count() >= 1
