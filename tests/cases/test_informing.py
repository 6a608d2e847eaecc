"""Somebody without an account is told by a call of the station, or by a short message where there is a gateway."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from huiyin.cases import connectors, present, services
from huiyin.cases.models import Case
from huiyin.cases.services import informing
from huiyin.core import errors, time_source
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Account
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from huiyin.notices.models import Notice
from tests.cases.conftest import PHONE, REPORT, Play
from tests.conftest import at

State, Channel = Notice.State, Notice.Channel


@pytest.fixture
def gateway(settings, other):
    port = other.server.server_address[1]
    settings.ENDPOINTS = {"messages": {"url": f"http://127.0.0.1:{port}/send", "secret": "hush"}}
    return other


def notice(play: Play, kind: str = "answered") -> Notice:
    return Notice.objects.get(subject_id=play.case.pk, person=play.case.reporter, kind=kind)


def waiting(play: Play, who: str = "station") -> list[Notice]:
    actor = play.town.actors[who]
    return list(services.to_call(Case.objects.visible_to(actor), actor, play.now))


def call(play: Play, outcome: str = State.TOLD, *, seen: str = "", by: str = "station") -> None:
    row = notice(play)
    seen = seen or informing.revision_of(*informing.unheard([row], play.now).values())
    services.record_call(notice=row, outcome=outcome, seen=seen, by=play.town.actors[by], now=play.now)


def send(play: Play, at_moment=None) -> Job:
    job = Job.objects.get(kind="cases.send_message", args__key=notice(play).key)
    moment = at_moment or max(play.now, job.due_at)
    with time_source.standing_at(moment):
        jobs.run(job.pk, now=moment)
    job.refresh_from_db()
    return job


def said(play: Play) -> list[str]:
    entries = Entry.objects.filter(subject_kind="case", subject_id=play.case.pk)
    return list(entries.order_by("seq").values_list("kind", flat=True))


def test_an_answer_waits_for_a_call_of_the_station_and_the_office_above(play):
    play.answer()
    assert [row.kind for row in waiting(play)] == ["answered"]
    assert [row.kind for row in waiting(play, "office")] == ["answered"]
    assert waiting(play, "a") == [], "a unit does not call for the congress"
    assert notice(play).channel == Channel.CALL


def test_news_that_ask_nothing_are_not_telephoned(play):
    play.dispatch()
    services.add_progress(
        task=play.task("sign"),
        answers={"progress": {"text": "已到现场查看"}},
        by=play.town.actors["a"],
        now=play.now,
    )
    assert notice(play, "progress").channel == Channel.SITE
    assert waiting(play) == []


def test_who_has_an_account_or_left_no_telephone_is_told_on_the_site(definition, town, play):
    Account.objects.create(username="zhou", person=play.case.reporter)
    silent = services.start_case(
        definition=definition,
        answers={name: value for name, value in REPORT.items() if name != "phone"},
        place=town.place,
        now=play.now,
    )
    for one in (play, Play(silent, town, play.now)):
        one.answer()
        assert notice(one).channel == Channel.SITE
        assert waiting(one) == []


def test_a_call_tells_all_that_was_not_heard_and_is_in_the_record(play):
    play.answer()
    call(play)
    assert waiting(play) == []
    row = notice(play)
    assert (row.state, row.tries, row.tried_at) == (State.TOLD, 1, play.now)
    assert said(play)[-1] == "asker_called"


def test_nobody_answered_stays_on_the_list_and_a_wrong_number_leaves_it(play):
    play.answer()
    call(play, State.WAITING)
    assert [row.tries for row in waiting(play)] == [1]
    call(play, State.UNREACHABLE)
    assert waiting(play) == []
    assert notice(play).state == State.UNREACHABLE


def test_a_call_is_recorded_once_and_never_for_news_that_the_caller_did_not_see(play):
    play.answer()
    with pytest.raises(informing.ToldMeanwhile):
        call(play, seen="2-0")
    call(play, State.WAITING, seen="1-0")
    with pytest.raises(informing.ToldMeanwhile):
        call(play, State.WAITING, seen="1-0")
    assert notice(play).tries == 1


def test_a_call_ends_in_one_of_three_ways_and_is_the_stations_to_record(play):
    play.answer()
    with pytest.raises(errors.Invalid):
        call(play, "perhaps")
    with pytest.raises(NotYourAct):
        call(play, by="a")


def test_who_acts_knows_and_is_not_called(play):
    play.answer()
    play.do("citizen_rate", {"rating": {"result": "satisfied"}})
    assert waiting(play) == []
    assert "asker_called" not in said(play)


def test_a_short_message_carries_the_words_and_a_signature(play, gateway):
    play.answer()
    job = send(play)
    assert (job.status, job.error) == (Job.Status.DONE, "")
    (sent,) = gateway.calls
    body = json.loads(sent["body"])
    assert body["to"] == PHONE
    assert body["text"] == f"{play.case.number} 已答复，请您评价。"
    assert body["from"] == "联络站"
    signed = hmac.new(b"hush", sent["body"], hashlib.sha256).hexdigest()
    assert sent["headers"]["X-Huiyin-Signature"] == f"sha256={signed}"
    assert sent["headers"]["Idempotency-Key"] == notice(play).key
    assert notice(play).state == State.TOLD
    assert said(play)[-1] == "asker_messaged"
    assert PHONE not in str(job.args)
    jobs.run(job.pk, now=play.now)
    assert len(gateway.calls) == 1


def test_nobody_s_telephone_rings_at_night(play, gateway):
    play.now = at("2026-09-03T21:30")
    play.answer()
    assert Job.objects.get(args__key=notice(play).key).due_at == at("2026-09-04T08:00")


def test_what_was_seen_meanwhile_is_not_sent(play, gateway):
    play.answer()
    key = notice(play).key
    play.do("citizen_rate", {"rating": {"result": "satisfied"}})
    job = Job.objects.get(args__key=key)
    with time_source.standing_at(play.now):
        jobs.run(job.pk, now=play.now)
    assert gateway.calls == []
    assert Notice.objects.get(key=key).state == State.WAITING


def test_a_gateway_that_fails_leaves_the_call_to_the_station(play, gateway):
    gateway.status = 503
    play.answer()
    for _attempt in range(jobs.MAX_ATTEMPTS):
        job = send(play)
    assert job.status == Job.Status.FAILED
    assert Incident.objects.get(job=job).error == "SendFailed"
    assert waiting(play) == [], "the operator may mend it within the day"
    play.now += timedelta(days=1, hours=1)
    assert [row.kind for row in waiting(play)] == ["answered"]
    call(play)
    assert notice(play).state == State.TOLD


def test_a_rehearsal_sends_nothing(play, gateway):
    play.answer()
    with connectors.rehearsing({}):
        send(play)
    assert gateway.calls == []


def test_a_telephone_that_was_erased_is_neither_called_nor_in_the_way(play, gateway):
    play.answer()
    person = play.case.reporter
    person.details = {}
    person.save(update_fields=["details"])
    assert send(play).status == Job.Status.DONE
    assert gateway.calls == []
    play.now += timedelta(days=2)
    (row,) = present.call_rows(waiting(play), play.now)
    assert (row.name, row.phone) == (person.name, "")
