"""What an operator does about work that failed: once, with a reason, and in the matter's own history."""

from __future__ import annotations

import pytest
from django.utils import translation

from huiyin import engine
from huiyin.cases import errors, present, runtime, services
from huiyin.cases.models import CaseState
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history
from huiyin.history.models import Entry
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from tests.cases.test_engine_failures import broken
from tests.conftest import at


@pytest.fixture
def failed_act(play, monkeypatch) -> Incident:
    with monkeypatch.context() as patched:
        patched.setattr(engine, "complete", broken)
        with pytest.raises(errors.StepFailed):
            play.do("screen", {"screening": "accept"})
    return Incident.objects.get()


@pytest.fixture
def failed_job(play, monkeypatch) -> Incident:
    play.answer()
    job = Job.objects.get(group=f"task:{play.task('citizen_rate').pk}", args__mark="expire")
    now = at("2026-09-16T00:00")
    with monkeypatch.context() as patched:
        patched.setattr(engine, "deliver", broken)
        for _ in range(jobs.MAX_ATTEMPTS):
            jobs.run(job.pk, now=now)
    return Incident.objects.get()


def said(play) -> list[str]:
    found = Entry.objects.filter(subject_kind="case", subject_id=play.case.pk).order_by("-seq")[:1]
    return [entry.kind for entry in found]


def facts(play) -> dict[str, object]:
    state = bytes(CaseState.objects.get(case=play.case).state)
    return dict(engine.look(runtime.of(play.case.definition_id).process, state).data)


def test_a_job_that_is_tried_again_is_done(play, keeper, failed_job):
    now = at("2026-09-17T09:00")
    services.retry_incident(incident=failed_job, by=keeper, now=now)
    assert said(play) == ["incident_retried"]
    assert jobs.run_due(now=now) >= 1
    play.case.refresh_from_db()
    assert play.case.outcome == "unrated"
    failed_job.refresh_from_db()
    assert (failed_job.resolution, failed_job.resolved_by) == ("retried", keeper.person)


def test_a_job_that_is_left_undone_stays_undone(play, keeper, failed_job):
    now = at("2026-09-17T09:00")
    services.skip_incident(incident=failed_job, reason="评价期延长，另行通知", by=keeper, now=now)
    assert said(play) == ["incident_skipped"]
    jobs.run_due(now=now)
    failed_job.refresh_from_db()
    assert failed_job.job.status == Job.Status.SKIPPED
    assert history.faults() == []


def test_what_failed_is_left_undone_for_a_reason_alone(play, keeper, failed_job):
    with pytest.raises(errors.ReasonMissing):
        services.skip_incident(incident=failed_job, reason=" ", by=keeper, now=play.now)
    assert Incident.objects.open().count() == 1


def test_a_corrected_fact_lets_the_act_be_done_again(play, keeper, failed_act):
    before = CaseState.objects.get(case=play.case).revision
    services.correct_case(
        incident=failed_act,
        facts={"round": 2, "screening": "accept"},
        reason="轮次记错",
        by=keeper,
        now=play.now,
    )
    assert facts(play).items() >= {"round": 2, "screening": "accept"}.items()
    assert CaseState.objects.get(case=play.case).revision == before
    assert said(play) == ["facts_corrected"]
    with translation.override("zh-hans"):
        newest = present.entries_of(play.case, keeper)[0].text
    assert "round: 1 → 2" in newest
    assert "轮次记错" in newest
    play.do("screen", {"screening": "accept"})
    play.case.refresh_from_db()
    assert play.case.round == 2


def test_a_fact_is_a_plain_value(play, keeper, failed_act):
    for wrong in ({}, {"round": {"deep": 1}}, {"typename": "x"}):
        with pytest.raises(errors.NoFacts):
            services.correct_case(incident=failed_act, facts=wrong, reason="试", by=keeper, now=play.now)
    assert Incident.objects.open().count() == 1


def test_only_the_administrator_decides(play, failed_act):
    office, now = play.town.actors["congress"], play.now
    for act in (
        lambda: services.retry_incident(incident=failed_act, by=office, now=now),
        lambda: services.skip_incident(incident=failed_act, reason="不办", by=office, now=now),
        lambda: services.correct_case(
            incident=failed_act, facts={"round": 2}, reason="改", by=office, now=now
        ),
    ):
        with pytest.raises(NotYourAct):
            act()
    assert Incident.objects.open().count() == 1


def test_two_operators_decide_once(play, keeper, failed_act):
    services.retry_incident(incident=failed_act, by=keeper, now=play.now)
    with pytest.raises(jobs.AlreadyResolved):
        services.skip_incident(incident=failed_act, reason="不办", by=keeper, now=play.now)


def test_work_of_the_platform_itself_has_no_matter(play, keeper):
    found = jobs.open_incident(
        subject_kind="system", subject_id=0, what="history.seal", step_id="", error="x", now=play.now
    )
    with pytest.raises(errors.NoFacts):
        services.correct_case(incident=found, facts={"round": 2}, reason="改", by=keeper, now=play.now)
    assert services.retry_incident(incident=found, by=keeper, now=play.now).resolution == "retried"


def test_a_failed_mark_names_its_step_and_what_the_engine_said(play, failed_job):
    assert (failed_job.step_id, failed_job.subject_id) == ("citizen_rate", play.case.pk)
    assert "no outcome fits" in failed_job.error


def test_the_row_says_which_matter_and_which_step(play, failed_act):
    (row,) = present.incident_rows([failed_act])
    assert (row.number, row.step, row.moved_on) == (play.case.number, "筛查", False)
    assert row.facts["round"] == "1"
    play.do("screen", {"screening": "accept"})
    (row,) = present.incident_rows([failed_act])
    assert row.moved_on
