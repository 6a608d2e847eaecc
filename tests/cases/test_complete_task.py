"""Completing a task: one transaction or nothing, once, by the right person."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin import engine
from huiyin.cases import errors, services
from huiyin.cases.models import Case, CaseState, Clock, Completion, Consultation, Task
from huiyin.directory import actors
from huiyin.directory.models import Delegation, Person, Post
from huiyin.directory.roles import Role
from huiyin.forms.answers import AnswersRejected
from huiyin.history.models import Entry
from huiyin.jobs.models import Incident
from tests.conftest import at

ACCEPT = {"screening": "accept"}


def complete(play, task, answers=ACCEPT, key="k1", by=None, **more):
    return services.complete_task(
        task=task, answers=answers, by=by or play.town.actor_for(task), now=play.now, key=key, **more
    )


def test_moves_the_case_to_its_next_task(play):
    complete(play, play.task("screen"))
    assert play.task("dispatch").status == "open"
    assert Completion.objects.get().answers == ACCEPT
    play.case.refresh_from_db()
    assert (play.case.stage, play.case.revision) == ("dispatch", 2)


def test_refuses_answers_to_a_task_that_moved_on(play):
    task = play.task("screen")
    complete(play, task)
    with pytest.raises(errors.TaskClosed):
        complete(play, task, key="k2")
    assert Completion.objects.count() == 1


def test_answers_the_same_when_the_key_is_repeated(play):
    task = play.task("screen")
    first, second = complete(play, task), complete(play, task)
    assert first == second
    assert Completion.objects.count() == 1


def test_refuses_what_was_seen_in_another_state(play):
    with pytest.raises(errors.TaskMoved):
        complete(play, play.task("screen"), seen_revision=7)
    assert not Completion.objects.exists()


def test_refuses_somebody_for_whom_the_task_does_not_wait(play):
    with pytest.raises(errors.NotYours):
        complete(play, play.task("screen"), by=play.town.actors["a"])


def test_refuses_a_colleague_after_somebody_took_it(play):
    task = play.task("screen")
    services.take_task(task=task, by=play.town.actors["office"], now=play.now)
    other = Person.objects.create(jurisdiction=play.town.jurisdiction, name="林晚")
    office = Post.objects.get(person=play.town.actors["office"].person)
    Post.objects.create(
        person=other, role=office.role, unit=office.unit, place=office.place, from_on=office.from_on
    )
    with pytest.raises(errors.TakenByAnother):
        complete(play, task, by=actors.actor_of(other, play.now.date()))


def test_records_on_whose_behalf_a_stand_in_acts(play):
    office = Post.objects.select_related("person").get(person=play.town.actors["office"].person)
    stand_in = Person.objects.create(jurisdiction=play.town.jurisdiction, name="高山")
    Post.objects.create(
        person=stand_in, role=Role.SUPERVISOR, unit=office.unit, place=office.place, from_on=office.from_on
    )
    Delegation.objects.create(post=office, to=stand_in, from_on="2026-08-30", to_on="2026-09-05")
    complete(play, play.task("screen"), by=actors.actor_of(stand_in, play.now.date()))
    assert Completion.objects.get().on_behalf_of == office.person


def test_leaves_nothing_when_the_answers_do_not_fit(play):
    before = bytes(CaseState.objects.get(case=play.case).state), Entry.objects.count()
    with pytest.raises(AnswersRejected) as refused:
        complete(play, play.task("screen"), {"screening": "return"})
    assert list(refused.value.problems) == ["reason"]
    assert (bytes(CaseState.objects.get(case=play.case).state), Entry.objects.count()) == before
    assert not Completion.objects.exists()


@pytest.mark.parametrize("failure", [engine.Broken("f1", "no outcome"), engine.Overrun("too many steps")])
def test_becomes_an_incident_and_leaves_the_case_as_it_was(play, monkeypatch, failure):
    def fail(*_args, **_kwargs):
        raise failure

    monkeypatch.setattr(engine, "complete", fail)
    with pytest.raises(errors.StepFailed):
        complete(play, play.task("screen"))
    assert Incident.objects.get().step_id == "screen"
    assert play.task("screen").status == "open"
    assert not Completion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_lets_one_of_two_who_act_at_once_win(play):
    task, outcomes, gate = play.task("screen"), [], threading.Barrier(2)

    def act(key: str) -> None:
        try:
            gate.wait()
            complete(play, task, key=key)
            outcomes.append("done")
        except errors.TaskClosed:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(key,)) for key in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert Completion.objects.count() == 1
    assert Task.objects.filter(case=play.case).count() == 2


def test_keeps_the_round_of_a_case_that_is_handled_again(play):
    play.answer()
    play.do("citizen_rate", {"rating": {"result": "dissatisfied"}})
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    play.case.refresh_from_db()
    assert (play.case.round, play.case.stage) == (2, "handling")
    assert play.task("study").round == 2


def test_never_closes_a_case_that_waits_for_somebody(play):
    play.answer()
    assert Case.objects.get(pk=play.case.pk).closed_at is None
    play.do("citizen_rate", {"rating": {"result": "satisfied"}})
    play.do("deputy_rate", {"rating": {"result": "satisfied"}})
    closed = Case.objects.get(pk=play.case.pk)
    assert (closed.outcome, closed.ended_at) == ("answered", None)
    play.wait("2026-10-30T09:00")
    assert play.case.ended_at is not None
    assert play.case.ended_at < at("2026-10-30T09:00")


def test_asks_the_database_twelve_times_at_a_step_without_rows_of_its_own(play):
    """Signing meets a deadline and opens the unit's work: that is the whole frame of a completion."""
    play.dispatch()
    task = play.task("sign")
    actor = play.town.actor_for(task)
    with CaptureQueriesContext(connection) as asked:
        complete(play, task, {"sign": "accept"}, by=actor)
    frame = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(frame) <= 12, "\n".join(frame)


def test_what_completing_takes_says_what_the_query_sets_say(play):
    """It is written as SQL: it must agree with what the models call a running deadline and an unanswered request."""
    play.dispatch()
    task = play.task("sign")

    def told() -> tuple[bool, bool]:
        row = Task.objects.with_what_completing_takes().get(pk=task.pk)
        assert bytes(row.engine_state) == bytes(row.case.state.state)
        requests = Consultation.objects.unanswered().filter(task=task, kind=Consultation.Kind.SIGN)
        assert row.to_sign == requests.exists()
        assert row.has_clock == any(clock.is_running for clock in Clock.objects.filter(task=task))
        return row.to_sign, row.has_clock

    assert told() == (False, True)
    asked = Consultation.objects.create(
        case=play.case, task=task, kind="read", round=1, by=play.town.actors["a"].person,
        to=play.town.actors["a-head"].person, at=play.now,
    )  # fmt: skip
    assert told() == (False, True)
    Consultation.objects.filter(pk=asked.pk).update(kind="sign", question="是否妥当？")
    assert told() == (True, True)
    Consultation.objects.filter(pk=asked.pk).update(withdrawn_at=play.now)
    Clock.objects.filter(task=task).update(met_at=play.now)
    assert told() == (False, False)
