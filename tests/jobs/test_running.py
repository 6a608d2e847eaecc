"""A row's work and its mark are one transaction; a failure is tried again, and in the end becomes an incident."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huiyin.core import errors
from huiyin.directory.actors import PUBLIC, Actor, Held
from huiyin.directory.models import Jurisdiction
from huiyin.directory.roles import Role
from huiyin.jobs import periodic, services
from huiyin.jobs.models import Incident, Job
from tests.jobs.conftest import NOON, enqueue, minutes

PHONE = "138" + "0" * 8  # put together, so that a line of source in a log is not mistaken for it


class Refused(errors.Conflict):
    """The office is closed."""


def fail(**_: object) -> None:
    Jurisdiction.objects.create(code="half", name="写了一半")
    raise RuntimeError(f"周全 {PHONE}")


def test_does_the_work_once(db, done):
    row = enqueue("row", number=7)
    assert services.run(row.pk, now=NOON) is True
    assert services.run(row.pk, now=NOON) is False
    row.refresh_from_db()
    assert done == [{"number": 7}]
    assert (row.status, row.done_at, row.leased_until) == (Job.Status.DONE, NOON, None)


def test_runs_what_is_due_and_says_how_many(db, done):
    enqueue("now", name="now")
    enqueue("later", due=NOON + minutes(5), name="later")
    assert services.run_due(now=NOON) == 1
    assert services.run_due(now=NOON) == 0
    assert services.run_due(now=NOON + minutes(5)) == 1
    assert done == [{"name": "now"}, {"name": "later"}]


def test_leaves_nothing_of_work_that_failed(db, kinds):
    kinds("test.fail", fail)
    row = enqueue("row", kind="test.fail")
    services.run(row.pk, now=NOON)
    row.refresh_from_db()
    assert not Jurisdiction.objects.filter(code="half").exists()
    assert (row.status, row.attempts, row.done_at) == (Job.Status.WAITING, 1, None)


def test_never_keeps_the_words_of_an_exception(db, kinds, caplog, capsys):
    kinds("test.fail", fail)
    row = enqueue("row", kind="test.fail")
    services.run(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.error == "RuntimeError"
    assert PHONE not in caplog.text + "".join(capsys.readouterr())


def test_keeps_the_sentence_of_a_refusal(db, kinds):
    def refuse(**_: object) -> None:
        raise Refused

    kinds("test.refuse", refuse)
    row = enqueue("row", kind="test.refuse")
    services.run(row.pk, now=NOON)
    row.refresh_from_db()
    assert row.error == "The office is closed."


def test_waits_longer_after_every_failure_and_ends_as_an_incident(db, kinds):
    kinds("test.fail", fail)
    row, now = enqueue("row", kind="test.fail", subject=42), NOON
    for attempt, wait in enumerate(services.BACKOFF, 1):
        assert services.run_due(now=now) == 1
        row.refresh_from_db()
        assert (row.attempts, row.due_at, row.status) == (attempt, now + wait, Job.Status.WAITING)
        assert services.run_due(now=row.due_at - timedelta(seconds=1)) == 0
        now = row.due_at
    assert not Incident.objects.exists()
    services.run_due(now=now)
    row.refresh_from_db()
    assert (row.status, row.attempts) == (Job.Status.FAILED, services.MAX_ATTEMPTS)
    incident = Incident.objects.get()
    assert (incident.job, incident.subject_id, incident.what, incident.error) == (
        row,
        42,
        "test.fail",
        "RuntimeError",
    )
    assert incident.opened_at == now
    assert services.run_due(now=now + timedelta(days=1)) == 0


def test_a_kind_that_nobody_knows_is_no_reason_to_stop(db, done):
    unknown = enqueue("unknown", kind="test.unknown", due=NOON - minutes(1))
    enqueue("known")
    assert services.run_due(now=NOON) == 2
    unknown.refresh_from_db()
    assert (unknown.attempts, unknown.error) == (1, "UnknownJob")
    assert len(done) == 1


@pytest.fixture
def incident(db, kinds) -> Incident:
    kinds("test.fail", fail)
    row = enqueue("row", kind="test.fail")
    Job.objects.filter(pk=row.pk).update(attempts=services.MAX_ATTEMPTS - 1)
    services.run(row.pk, now=NOON)
    return Incident.objects.get()


def test_an_incident_can_be_tried_again(incident, kinds):
    calls = []
    kinds("test.fail", lambda **_: calls.append(1))
    services.retry(incident=incident, by=None, now=NOON + minutes(1))
    assert services.run_due(now=NOON + minutes(1)) == 1
    incident.refresh_from_db()
    assert (calls, incident.job.status, incident.resolved_at) == ([1], Job.Status.DONE, NOON + minutes(1))
    with pytest.raises(services.AlreadyResolved):
        services.retry(incident=incident, by=None, now=NOON)


def test_an_incident_that_fails_again_is_a_new_one(incident):
    services.retry(incident=incident, by=None, now=NOON)
    now = NOON
    for wait in (*services.BACKOFF, minutes(0)):
        services.run_due(now=now)
        now += wait
    assert Incident.objects.filter(resolved_at=None).count() == 1
    assert Incident.objects.count() == 2


def test_a_job_has_one_open_incident(incident):
    with pytest.raises(IntegrityError, match="a_job_has_one_open_incident"), transaction.atomic():
        Incident.objects.create(
            job=incident.job, subject_kind="case", subject_id=1, what="x", error="x", opened_at=NOON
        )


def failed_act(error: str = "x", step: str = "work") -> Incident:
    return services.open_incident(
        subject_kind="case", subject_id=1, what="complete_task", step_id=step, error=error, now=NOON
    )


def test_an_incident_of_an_act_is_closed_for_the_person_to_do_it_again(db):
    found = failed_act("x" * 999)
    assert len(found.error) == 300
    done = services.retry(incident=found, by=None, now=NOON)
    assert (done.resolution, done.resolved_at) == (Incident.Resolution.RETRIED, NOON)


def test_an_act_that_fails_again_is_the_same_incident_until_it_is_decided(db):
    first, again, elsewhere = failed_act(), failed_act("y"), failed_act(step="sign")
    assert (first, first.error) == (again, again.error)
    assert elsewhere != first
    services.skip(incident=first, reason="已改由电话办理", by=None, now=NOON)
    assert failed_act() != first


def test_what_is_left_undone_is_not_done(incident, done):
    skipped = services.skip(incident=incident, reason="重复的提醒", by=None, now=NOON)
    assert (skipped.resolution, skipped.reason) == (Incident.Resolution.SKIPPED, "重复的提醒")
    assert Job.objects.get().status == Job.Status.SKIPPED
    assert services.run_due(now=NOON + timedelta(days=1)) == 0
    with pytest.raises(services.AlreadyResolved):
        services.retry(incident=incident, by=None, now=NOON)


def test_incidents_are_the_administrators(incident):
    admin = Actor(None, (Held(Role.ADMIN, "/", 1, 1, frozenset({1})),))
    supervisor = Actor(None, (Held(Role.SUPERVISOR, "/", 1, 1, frozenset({1})),))
    assert list(Incident.objects.visible_to(admin)) == [incident]
    assert not Incident.objects.visible_to(supervisor)
    assert not Incident.objects.visible_to(PUBLIC)


def test_old_rows_are_tidied_but_not_what_an_incident_points_to(incident, kinds, done):
    kinds("test.fail", lambda **_: None)
    services.retry(incident=incident, by=None, now=NOON)
    enqueue("old")
    services.run_due(now=NOON)
    enqueue("waiting", due=NOON + timedelta(days=90))
    later = NOON + periodic.KEEP_DONE
    assert periodic.tidy(now=later) == 0
    assert periodic.tidy(now=later + minutes(1)) == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"row", "waiting"}
