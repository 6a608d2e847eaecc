"""Service tasks: jobs make the calls, in time and with a key; what comes of them moves the case once."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from huiyin import engine
from huiyin.cases import connectors, errors, outside, present, runtime, services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from huiyin.lifecycle import gate, storing, virtual
from huiyin.notices.models import Notice
from tests.cases.calling import redrawn
from tests.cases.conftest import RECEIVED, REPORT, Play


@pytest.fixture
def play_of(town, settings, other):
    port = other.server.server_address[1]
    settings.ENDPOINTS = {
        "platform": {"url": f"http://127.0.0.1:{port}/in?from=huiyin", "secret": "hush"},
        "office": {"mail": "office@example.gov"},
    }

    def make(**properties: str) -> Play:
        definition = storing.store(redrawn(**properties), town.jurisdiction, version=9, by=None, now=RECEIVED)
        case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
        return Play(case, town, RECEIVED)

    return make


def call_of(play: Play) -> Job:
    return Job.objects.get(kind="cases.call", subject_id=play.case.pk)


def run_call(play: Play) -> Job:
    job = call_of(play)
    with time_source.standing_at(max(play.now, job.due_at)):
        jobs.run(job.pk, now=max(play.now, job.due_at))
    job.refresh_from_db()
    return job


def facts_of(play: Play) -> dict:
    state = Case.objects.get(pk=play.case.pk).state.state
    return dict(engine.look(runtime.of(play.case.definition_id).process, bytes(state)).data)


def steps_of(play: Play) -> list[str]:
    return list(Task.objects.open().filter(case=play.case).values_list("step_id", flat=True))


WEBHOOK = {"connector": "webhook", "to": "platform", "result": "announced"}


@pytest.mark.django_db(transaction=True)
def test_the_other_side_is_called_by_a_job_and_its_answer_moves_the_case(play_of, other):
    play = play_of(**WEBHOOK)
    play.dispatch()
    assert steps_of(play) == []  # nothing is called within the act
    assert other.calls == []
    assert run_call(play).status == Job.Status.DONE
    assert steps_of(play) == ["sign"]
    (call,) = other.calls
    said = json.loads(call["body"])
    assert said["number"] == play.case.number
    assert (said["process"], said["step"], said["round"]) == ("matter", "announce", 1)
    assert call["headers"]["Idempotency-Key"] == said["key"]
    signed = hmac.new(b"hush", call["body"], hashlib.sha256).hexdigest()
    assert call["headers"]["X-Huiyin-Signature"] == f"sha256={signed}"
    for private in (REPORT["words"], REPORT["phone"], REPORT["name"]):
        assert private not in call["body"].decode()
    assert facts_of(play)["announced"] == "taken"
    assert (
        Entry.objects.filter(subject_kind="case", subject_id=play.case.pk, kind="service_called").count() == 1
    )


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_outside_of_the_transaction(play_of, other, monkeypatch):
    inside: list[bool] = []

    def watched(call: outside.Call) -> str:
        inside.append(connection.in_atomic_block)
        return outside.post(call)

    monkeypatch.setattr(connectors, "CONNECTORS", {"webhook": connectors.Connector(("to",), send=watched)})
    play = play_of(**WEBHOOK)
    play.dispatch()
    run_call(play)
    assert inside == [False]


@pytest.mark.django_db(transaction=True)
def test_a_call_whose_worker_died_after_sending_is_made_again_with_its_key_and_moves_the_case_once(
    play_of, other, monkeypatch
):
    play = play_of(**WEBHOOK)
    play.dispatch()
    with monkeypatch.context() as patched:
        patched.setattr("huiyin.jobs.registry.run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run_call(play)
    assert steps_of(play) == []
    run_call(play)
    run_call(play)
    keys = [call["headers"]["Idempotency-Key"] for call in other.calls]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert steps_of(play) == ["sign"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "why"), [(503, "HTTP 503"), (302, "HTTP 302"), (404, "HTTP 404")])
def test_a_refusal_is_tried_again_later(play_of, other, status, why):
    other.status = status
    play = play_of(**WEBHOOK)
    play.dispatch()
    job = run_call(play)
    assert (job.status, job.attempts) == (Job.Status.WAITING, 1)
    assert job.due_at == play.now + timedelta(seconds=5)
    assert why in job.error
    other.status = 200
    assert run_call(play).status == Job.Status.DONE
    assert steps_of(play) == ["sign"]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_drips_is_left_in_time(play_of, other, monkeypatch):
    monkeypatch.setattr(outside, "LIMIT", 0.4)
    other.drips = True
    play = play_of(**WEBHOOK)
    play.dispatch()
    job = run_call(play)
    assert job.status == Job.Status.WAITING
    assert job.error


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_not_there_becomes_an_incident_and_can_be_skipped(play_of, settings, keeper):
    play = play_of(**WEBHOOK)
    settings.ENDPOINTS["platform"]["url"] = "http://127.0.0.1:9/"
    play.dispatch()
    for _ in range(5):
        run_call(play)
    incident = Incident.objects.get(subject_kind="case", subject_id=play.case.pk)
    assert (incident.what, incident.step_id) == ("cases.call", "announce")
    assert "ConnectionRefusedError" in incident.error
    services.skip_incident(incident=incident, reason="已电话告知平台", by=keeper, now=play.now)
    assert steps_of(play) == ["sign"]
    assert facts_of(play)["announced"] == "skipped"


@pytest.mark.django_db(transaction=True)
def test_an_incident_of_a_call_can_be_tried_again(play_of, other, keeper):
    other.status = 500
    play = play_of(**WEBHOOK)
    play.dispatch()
    for _ in range(5):
        run_call(play)
    other.status = 200
    incident = Incident.objects.get(subject_kind="case", subject_id=play.case.pk)
    services.retry_incident(incident=incident, by=keeper, now=play.now)
    run_call(play)
    assert steps_of(play) == ["sign"]


def test_a_call_is_taken_back_with_the_case(play_of, other):
    """No withdrawal is drawn at this place; the case is merged away as the engine would: its call must not go out."""
    play = play_of(**WEBHOOK)
    play.dispatch()
    job = call_of(play)
    assert services.finish_call(case_id=play.case.pk, key=job.args["key"], result="by hand", now=play.now)
    assert not Job.objects.filter(pk=job.pk).exists()
    assert not services.finish_call(case_id=play.case.pk, key=job.args["key"], result="again", now=play.now)
    assert services.call_outside(case_id=play.case.pk, key=job.args["key"]) is None
    assert other.calls == []


def test_what_was_sent_cannot_be_recalled(play_of):
    play = play_of(**WEBHOOK)
    play.dispatch()
    done = Task.objects.get(case=play.case, step_id="dispatch")
    with pytest.raises(errors.RecalledTooLate):
        services.recall_task(task=done, by=play.town.actors["office"], now=play.now + timedelta(minutes=1))


def test_a_mailbox_is_told_the_number_and_nothing_private(play_of):
    play = play_of(connector="mail", to="office", result="announced")
    play.dispatch()
    key = call_of(play).args["key"]
    run_call(play)
    (message,) = mail.outbox
    assert message.to == ["office@example.gov"]
    assert play.case.number in message.subject
    assert message.extra_headers["Message-ID"].startswith(f"<{key}@")
    assert REPORT["words"] not in message.body
    assert steps_of(play) == ["sign"]


def test_people_are_told_by_their_address(play_of):
    play = play_of(connector="notice", to="deputy")
    play.dispatch()
    run_call(play)
    notice = Notice.objects.get(kind="service_told")
    assert notice.person == play.town.actors["deputy"].person
    assert steps_of(play) == ["sign"]


def test_an_office_is_told_as_a_whole(play_of):
    play = play_of(connector="notice", to="supervisor@place")
    play.dispatch()
    run_call(play)
    told = set(Notice.objects.filter(kind="service_told").values_list("person_id", flat=True))
    assert told == {play.town.actors["watch"].person.pk}


def test_a_rule_is_looked_up_in_the_profile_that_the_case_has_pinned(play_of):
    play = play_of(connector="rule", looks_up="matter.sign", result="days")
    play.dispatch()
    run_call(play)
    amount = play.case.profile.rules.get(code="matter.sign").amount
    assert facts_of(play)["days"] == amount > 0


def test_a_rehearsal_calls_nobody(play_of, other):
    play = play_of(**WEBHOOK)
    play.dispatch()
    virtual.pass_time(play.case.pk, play.now + timedelta(hours=1), {"announce": "rehearsed"})
    assert other.calls == []
    assert facts_of(play)["announced"] == "rehearsed"
    assert steps_of(play) == ["sign"]


def test_a_late_call_does_not_hold_the_other_rows(play_of, other):
    """The embedded loop runs what goes outside in a thread of its own."""
    play = play_of(**WEBHOOK)
    play.dispatch()
    assert jobs.claim(now=play.now, outside=False, limit=1_000).count(call_of(play).pk) == 0
    assert call_of(play).pk in jobs.claim(now=play.now, outside=True)


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"connector": "carrier-pigeon"}, "unknown-connector"),
        ({"connector": "webhook"}, "connector-needs"),
        ({"connector": "webhook", "to": "nowhere"}, "unknown-endpoint"),
        ({"connector": "mail", "to": "platform"}, "unknown-endpoint"),
        ({"connector": "notice", "to": "everybody"}, "unknown-address"),
        ({"connector": "rule", "looks_up": "matter.sing", "result": "days"}, "unknown-rule"),
        ({"connector": "rule", "looks_up": "matter.sign"}, "connector-needs"),
    ],
)
def test_the_gate_knows_what_a_connector_needs(profile, settings, properties, code):
    settings.ENDPOINTS = {"platform": {"url": "https://example.gov/in", "secret": "hush"}}
    assert code in {found.code for found in gate.check(redrawn(**properties), profile)}


@pytest.mark.parametrize(
    "properties",
    [
        WEBHOOK,
        {"connector": "notice", "to": "supervisor@place"},
        {"connector": "rule", "looks_up": "matter.sign", "result": "days"},
    ],
)
def test_the_gate_lets_a_whole_one_pass(profile, settings, properties):
    settings.ENDPOINTS = {"platform": {"url": "https://example.gov/in", "secret": "hush"}}
    assert gate.check(redrawn(**properties), profile) == []


def test_the_page_says_what_is_waited_for(play_of):
    play = play_of(**WEBHOOK)
    assert present.calls_of(play.case) == ()
    play.dispatch()
    assert present.calls_of(play.case) == ("announce",)
    run_call(play)
    assert present.calls_of(play.case) == ()
