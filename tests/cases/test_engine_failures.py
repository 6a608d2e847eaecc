"""When a diagram can't go on, the matter stays as it was and somebody is told."""

from __future__ import annotations

import pytest

from huiyin import engine
from huiyin.cases import errors, services
from huiyin.cases.models import CaseState, Clock, Completion, Task
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from huiyin.lifecycle import measure
from tests.conftest import at


def broken(*_args, **_named):
    raise engine.Broken("g_screened", "no outcome fits")


def everything() -> tuple[int, ...]:
    rows = (Task, Completion, Clock, Entry, Job)
    return tuple(model.objects.count() for model in rows)


def test_a_completion_leaves_nothing_but_an_incident(play, monkeypatch):
    before, state = everything(), bytes(CaseState.objects.get(case=play.case).state)
    monkeypatch.setattr(engine, "complete", broken)
    with pytest.raises(errors.StepFailed) as refused:
        play.do("screen", {"screening": "accept"})
    incident = Incident.objects.get()
    assert incident.public_id in refused.value.sentence
    assert (incident.what, incident.step_id, incident.subject_id) == ("complete_task", "screen", play.case.pk)
    assert everything() == before
    assert bytes(CaseState.objects.get(case=play.case).state) == state
    monkeypatch.undo()
    play.do("screen", {"screening": "accept"})
    assert play.task("dispatch")


def test_a_withdrawal_leaves_nothing_but_an_incident(play, monkeypatch):
    before = everything()
    monkeypatch.setattr(engine, "deliver", broken)
    with pytest.raises(errors.StepFailed):
        services.withdraw_case(case=play.case, reason="灯亮了", by=play.asker, now=play.now)
    assert Incident.objects.get().what == "withdraw_case"
    assert everything() == before


def test_a_mark_is_tried_again_and_becomes_an_incident(play, monkeypatch):
    play.answer()
    job = Job.objects.get(group=f"task:{play.task('citizen_rate').pk}", args__mark="expire")
    monkeypatch.setattr(engine, "deliver", broken)
    now = at("2026-09-16T00:00")
    for wait in (*jobs.BACKOFF, None):
        assert not Incident.objects.exists()
        jobs.run(job.pk, now=now)
        now = now + wait if wait else now
    assert Incident.objects.get().what == "cases.fire_mark"
    assert play.task("citizen_rate").status == "open"


def test_a_message_that_nobody_awaits_is_no_reason_to_move(play, monkeypatch):
    """A mark whose message finds no listener fails aloud; it does not silently do nothing."""
    clock = Clock.objects.get(case=play.case, rule__code="matter.answer")
    clock.rule.marks = [{"name": "expire", "message": "nobody.listens"}]
    clock.rule.save()
    with pytest.raises(engine.NotAwaited):
        services.fire_mark(clock=clock, mark="expire", now=at("2026-09-09T00:00"))
    assert play.task("screen").status == "open"


def test_an_error_that_is_none_of_the_engines_is_a_bug_and_rolls_back(play, monkeypatch):
    def bug(*_args, **_named):
        raise ZeroDivisionError

    before = measure.digest()
    monkeypatch.setattr("huiyin.cases.services.projection.apply", bug)
    with pytest.raises(ZeroDivisionError):
        play.do("screen", {"screening": "accept"})
    assert measure.digest() == before
    assert not Incident.objects.exists()
