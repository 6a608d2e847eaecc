"""承诺事项台账: what a unit promised is followed until the mover is content."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from huiyin.cases.errors import NoOwnRating
from huiyin.cases.services import clocks
from huiyin.congress import errors, services
from huiyin.congress.models import Commitment
from huiyin.core import time_source
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident, Job
from huiyin.notices.models import Notice
from tests.conftest import at
from tests.congress.conftest import NOW, lead, told

PROMISED = [{"text": "完成桥面改造", "due_on": "2027-03-01"}]


@pytest.fixture
def ledger(congress):
    """A matter whose lead unit has promised something, and its row."""
    case = congress.case()
    lead(case, congress.town)
    congress.record(case, "commitments", PROMISED, by=congress.town.actors["a"])
    return case, Commitment.objects.get()


def keep(congress, row, words="桥面已改造完成。", unit="a"):
    return services.report_kept(commitment=row, words=words, by=congress.town.actors[unit], now=NOW)


def rate(congress, row, result, words="", mover=0):
    by = congress.actor(congress.deputies[mover])
    return services.rate_commitment(commitment=row, result=result, words=words, by=by, now=NOW)


def test_a_promise_stands_in_the_ledger_with_its_day_and_reminders(congress, ledger):
    case, row = ledger
    assert (row.unit, row.due_on, row.round) == (congress.town.units["a"], date(2027, 3, 1), 1)
    assert list(Job.objects.filter(subject_kind="commitment").order_by("due_at").values_list("due_at", "args__mark")) == [
        (at("2027-01-30T09:00"), "ahead"),
        (at("2027-03-01T09:00"), "due"),
    ]  # fmt: skip
    assert told(case)[-1] == "a局作出 1 项承诺，最晚 2027-03-01 兑现"


def test_a_promise_for_today_is_refused(congress):
    case = congress.case()
    lead(case, congress.town)
    for day in ("2026-09-01", "2026-08-31"):
        with pytest.raises(errors.DueTooEarly):
            congress.record(case, "commitments", [*PROMISED, {"text": "马上", "due_on": day}])
    assert not Commitment.objects.exists()
    congress.record(case, "commitments", [{"text": "明天", "due_on": "2026-09-02"}])
    assert [job.args["mark"] for job in Job.objects.filter(subject_kind="commitment")] == ["due"]


def test_without_a_lead_unit_nobody_promises(congress):
    with pytest.raises(errors.NoLeadUnit):
        congress.record(congress.case(), "commitments", PROMISED)
    congress.record(congress.case(), "commitments", [])


def test_commitments_outlive_the_case(congress, ledger):
    case, row = ledger
    clocks.stop_all(case, NOW)
    assert Job.objects.filter(subject_kind="commitment", status="waiting").count() == 2
    with time_source.standing_at(at("2027-01-30T09:00")):
        for job in Job.objects.filter(subject_kind="commitment", args__mark="ahead"):
            jobs.run(job.pk, now=at("2027-01-30T09:00"))
    assert told(case)[-1] == "a局的承诺将于 2027-03-01 到期"
    handler = congress.town.actors["a"].person
    assert Notice.objects.filter(kind="commitment_reminder", person=handler).count() == 1
    with time_source.standing_at(at("2027-03-01T09:00")):
        for job in Job.objects.filter(subject_kind="commitment", args__mark="due"):
            jobs.run(job.pk, now=at("2027-03-01T09:00"))
    assert told(case)[-1] == "a局的承诺今日（2027-03-01）到期，尚未兑现"
    assert Notice.objects.filter(kind="commitment_due", person=congress.deputies[0]).count() == 1
    assert not Incident.objects.exists()
    assert list(Commitment.objects.late_on(date(2027, 3, 2))) == [row]
    assert not Commitment.objects.late_on(date(2027, 3, 1)).exists()


def test_the_unit_reports_and_the_mover_closes(congress, ledger):
    case, row = ledger
    keep(congress, row)
    assert not Job.objects.filter(subject_kind="commitment").exists()
    assert Notice.objects.filter(kind="commitment_kept", person=congress.deputies[0]).exists()
    row = rate(congress, row, "basic")
    assert (row.closed_at, row.rating, row.round) == (NOW, "basic", 1)
    assert told(case)[-2:] == [
        "a局报告承诺已兑现（2027-03-01 到期）",
        "承诺（2027-03-01 到期）评价：基本满意",
    ]
    for act in (lambda: keep(congress, row), lambda: rate(congress, row, "satisfied")):
        with pytest.raises(errors.CommitmentClosed):
            act()


def test_a_dissatisfied_mover_opens_it_again_in_the_next_round(congress, ledger):
    case, row = ledger
    keep(congress, row)
    row = rate(congress, row, "dissatisfied", "桥面仍有裂缝")
    assert (row.kept_at, row.kept_words, row.round, row.closed_at, row.rating) == (
        None,
        "",
        2,
        None,
        "dissatisfied",
    )
    assert Job.objects.filter(subject_kind="commitment", status="waiting").count() == 2
    assert Notice.objects.filter(kind="commitment_reopened").exists()
    keep(congress, row, "裂缝已修补。")
    row = rate(congress, row, "satisfied")
    assert (row.round, row.rating) == (2, "satisfied")
    assert told(case)[-2] == "a局报告承诺已兑现（2027-03-01 到期，第 2 次）"


def test_only_the_units_people_report_with_words_and_once(congress, ledger):
    _case, row = ledger
    with pytest.raises(errors.NotTheUnit):
        keep(congress, row, unit="b")
    with pytest.raises(errors.NotTheUnit):
        services.report_kept(commitment=row, words="好了", by=congress.office, now=NOW)
    with pytest.raises(errors.WordsMissing):
        keep(congress, row, " ")
    keep(congress, row)
    with pytest.raises(errors.KeptAlready):
        keep(congress, row)


def test_only_the_mover_rates_what_is_kept_and_says_why_not(congress, ledger):
    _case, row = ledger
    with pytest.raises(errors.NotKeptYet):
        rate(congress, row, "satisfied")
    keep(congress, row)
    with pytest.raises(errors.OnlyTheMover):
        rate(congress, row, "satisfied", mover=1)
    with pytest.raises(errors.WordsMissing):
        rate(congress, row, "dissatisfied")
    with pytest.raises(ValueError):
        rate(congress, row, "superb")


def test_nobody_rates_what_he_reported_himself(congress, ledger):
    case, row = ledger
    type(case).objects.filter(pk=case.pk).update(reporter=congress.town.actors["a"].person)
    keep(congress, row)
    with pytest.raises(NoOwnRating):
        services.rate_commitment(commitment=row, result="satisfied", by=congress.town.actors["a"], now=NOW)


def test_a_reminder_of_a_kept_commitment_says_nothing(congress, ledger):
    case, row = ledger
    keep(congress, row)
    before = told(case)
    assert services.remind_commitment(commitment=row, mark="due", now=NOW + timedelta(200)) is False
    assert told(case) == before


def test_the_unit_sees_its_commitments_and_another_does_not(congress, ledger):
    case, row = ledger
    case.assignments.all().delete()
    assert list(Commitment.objects.visible_to(congress.town.actors["a"])) == [row]
    assert not Commitment.objects.visible_to(congress.town.actors["b"]).exists()
    assert list(Commitment.objects.visible_to(congress.actor(congress.deputies[0]))) == [row]


def test_the_database_refuses_a_closed_commitment_that_was_not_kept(ledger):
    with pytest.raises(IntegrityError, match="a_closed_commitment_was_kept_and_rated"):
        Commitment.objects.update(closed_at=NOW)


def test_a_mover_who_works_in_the_unit_does_not_rate_what_a_colleague_reported(congress, ledger):
    case, row = ledger
    colleague = congress.town.actors["a-head"].person
    keep(congress, row)
    type(case).objects.filter(pk=case.pk).update(reporter=colleague)
    with pytest.raises(NoOwnRating):
        services.rate_commitment(
            commitment=row, result="satisfied", by=congress.town.actors["a-head"], now=NOW
        )
