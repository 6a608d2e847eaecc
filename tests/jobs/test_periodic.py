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


def test_the_next_turn_knows_how_many_were_missed(db, done):
    """The platform stood still for three hours: one firing, which knows of the other 179."""
    for hour in (0, 3):
        periodic.plan(now=NOON + timedelta(hours=hour))
        services.run_due(now=NOON + timedelta(hours=hour))
    periodic.plan(now=NOON + timedelta(hours=3, minutes=1))
    services.run_due(now=NOON + timedelta(hours=3, minutes=1))
    assert [args["missed"] for args in done] == [0, 179, 0]


def test_a_clock_that_jumps_fires_no_turn_twice(db, done):
    """Set ahead by a day, back again, and on: every turn that was fired stays fired."""
    moments = [timedelta(0), timedelta(days=1), timedelta(0), timedelta(minutes=1), timedelta(days=1)]
    for moment in moments:
        periodic.plan(now=NOON + moment)
        services.run_due(now=NOON + moment)
    keys = list(Job.objects.filter(status=Job.Status.DONE).values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == len(done) == 3
    assert all(args["missed"] >= 0 for args in done)


def test_turns_that_nobody_ran_do_not_pile_up(db, done):
    """The planner lives on while the work stands still: one turn waits, not one for every minute."""
    for minute in range(60):
        periodic.plan(now=NOON + timedelta(minutes=minute))
    assert services.run_due(now=NOON + timedelta(hours=1)) == 1
    assert done == [{"missed": 0}]


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
