"""重点督办: chosen by a decision, with a plan and a report; taken off only with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from huiyin.cases.errors import CaseClosed, ReasonMissing
from huiyin.cases.models import Case, Task
from huiyin.congress import errors, selectors, services
from huiyin.congress.models import KeyCase
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Jurisdiction, Person, Place, Post
from huiyin.notices.models import Notice
from tests.congress.conftest import NOW, told

DECISION = "县十七届人大常委会第12次主任会议"
DAY = date(2026, 8, 28)
TODAY = NOW.date()
LATER = NOW + timedelta(days=20)


@pytest.fixture
def case(congress):
    return congress.case()


def put_on(congress, case, by=None, **other):
    words = {"decision": DECISION, "leader": "陈主任", "committee": "城建环资工委", "on": DAY, **other}
    return services.list_key_case(case=case, by=by or congress.office, now=NOW, **words)


def plan(congress, row, words="一季度勘察，二季度施工。", on=DAY, by=None, now=NOW):
    return services.plan_key_case(key_case=row, plan=words, on=on, by=by or congress.office, now=now)


def report(congress, row, words="路灯已全部更换。", on=TODAY, by=None, now=NOW):
    return services.report_key_case(key_case=row, report=words, on=on, by=by or congress.office, now=now)


def delist(congress, row, reason="承办单位已提前办结", on=TODAY, by=None):
    return services.delist_key_case(key_case=row, reason=reason, on=on, by=by or congress.office, now=NOW)


def test_a_decision_puts_a_matter_on_the_list_and_tells_who_is_concerned(congress, case):
    task = Task.objects.open().filter(case=case).first()
    holder = congress.deputies[9]
    Task.objects.filter(pk=task.pk).update(claimed_by=holder)
    row = put_on(congress, case, leader=" 陈主任 ")
    assert (row.leader, row.listed_on, row.listed_by) == ("陈主任", DAY, congress.office.person)
    assert told(case)[-1] == f"某人登记重点督办：{DAY} {DECISION}确定，陈主任领衔督办，城建环资工委跟踪"
    concerned = Notice.objects.filter(kind="key_listed").values_list("person", flat=True)
    assert set(concerned) == {case.reporter_id, holder.pk}
    assert selectors.on_key_list([case.public_id]) == {case.public_id}


def test_who_lists_it_is_not_told(congress, case):
    Case.objects.filter(pk=case.pk).update(reporter=congress.office.person)
    put_on(congress, case)
    assert not Notice.objects.filter(kind="key_listed", person=congress.office.person).exists()


@pytest.mark.parametrize(
    "words", [{"decision": " "}, {"leader": ""}, {"leader": "长" * 61}, {"committee": "长" * 101}]
)
def test_a_decision_without_its_words_lists_nothing(congress, case, words):
    with pytest.raises(errors.DecisionMissing):
        put_on(congress, case, **words)
    assert not KeyCase.objects.exists()


def test_a_decision_of_tomorrow_lists_nothing(congress, case):
    with pytest.raises(errors.DaysOutOfOrder):
        put_on(congress, case, on=TODAY + timedelta(days=1))


def test_a_matter_stands_on_the_list_once(congress, case):
    put_on(congress, case)
    with pytest.raises(errors.ListedAlready):
        put_on(congress, case)
    with pytest.raises(IntegrityError, match="a_case_stands_on_the_key_list_once"):
        KeyCase.objects.create(
            case=case,
            listed_on=DAY,
            decision="x",
            leader="y",
            listed_by=congress.office.person,
            listed_at=NOW,
        )


def test_a_closed_matter_is_not_listed_but_is_reported_on(congress, case):
    row = put_on(congress, case)
    plan(congress, row)
    Case.objects.filter(pk=case.pk).update(closed_at=NOW, outcome="answered")
    assert report(congress, row, now=LATER).reported_on == TODAY
    other = congress.case(mover=1)
    Case.objects.filter(pk=other.pk).update(closed_at=NOW, outcome="answered")
    with pytest.raises(CaseClosed):
        put_on(congress, other)


def test_the_plan_is_replaced_until_the_report(congress, case):
    row = put_on(congress, case)
    plan(congress, row)
    row = plan(congress, row, "改为上半年完工。", on=TODAY)
    assert (row.plan, row.plan_on) == ("改为上半年完工。", TODAY)
    assert [line for line in told(case) if "方案" in line] == [
        f"某人登记重点督办方案（{DAY}）：一季度勘察，二季度施工。",
        f"某人修订重点督办方案（{TODAY}）：改为上半年完工。",
    ]
    report(congress, row)
    assert told(case)[-1] == f"某人登记重点督办报告（{TODAY}），陈主任领衔"
    assert Notice.objects.filter(kind="key_reported", person=case.reporter).count() == 1
    for act in (plan, report, delist):
        with pytest.raises(errors.ReportEntered):
            act(congress, row)


def test_a_report_answers_to_a_plan(congress, case):
    row = put_on(congress, case)
    with pytest.raises(errors.PlanFirst):
        report(congress, row)
    with pytest.raises(IntegrityError, match="a_report_on_a_key_case_answers_to_its_plan"):
        KeyCase.objects.update(
            report="好了", reported_on=TODAY, reported_at=NOW, reported_by=congress.office.person
        )


def test_plan_and_report_need_words_and_days_in_their_order(congress, case):
    row = put_on(congress, case)
    for act in (plan, report):
        with pytest.raises(errors.WordsMissing):
            act(congress, row, " ")
        for day in (DAY - timedelta(days=1), TODAY + timedelta(days=1)):
            with pytest.raises(errors.DaysOutOfOrder):
                act(congress, row, on=day)
        plan(congress, row)


def test_it_is_taken_off_with_a_reason_and_may_be_listed_again(congress, case):
    row = put_on(congress, case)
    with pytest.raises(ReasonMissing):
        delist(congress, row, " ")
    delist(congress, row)
    assert told(case)[-1] == f"某人将本件移出重点督办（{TODAY}）：承办单位已提前办结"
    assert selectors.on_key_list([case.public_id]) == frozenset()
    for act in (plan, report, delist):
        with pytest.raises(errors.TakenOffTheList):
            act(congress, row)
    put_on(congress, case, on=TODAY)
    assert KeyCase.objects.filter(case=case).count() == 2


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"leader": ""}, "a_key_case_names_its_decision_and_leader"),
        ({"plan": "有方案而无日期"}, "a_plan_of_a_key_case_follows_its_decision"),
        ({"delisted_on": TODAY}, "only_what_is_not_reported_leaves_the_key_list_with_a_reason"),
    ],
)
def test_the_database_refuses_what_must_not_be(congress, case, columns, name):
    put_on(congress, case)
    with pytest.raises(IntegrityError, match=name):
        KeyCase.objects.update(**columns)


def test_the_office_lists_and_the_supervisor_oversees(congress, case):
    watch, handler = congress.town.actors["watch"], congress.town.actors["a"]
    for who in (watch, handler):
        with pytest.raises(NotYourAct):
            put_on(congress, case, by=who)
    row = put_on(congress, case)
    plan(congress, row, by=watch)
    for act in (plan, report, delist):
        with pytest.raises(NotYourAct):
            act(congress, row, by=handler)
    with pytest.raises(NotYourAct):
        delist(congress, row, by=watch)
    report(congress, row, by=watch)


def test_it_is_seen_with_its_case(congress, case):
    put_on(congress, case)
    Case.objects.filter(pk=case.pk).update(stage="work")
    watch, mover = congress.town.actors["watch"], congress.actor(congress.deputies[0])
    for who in (watch, mover, congress.office):
        assert KeyCase.objects.visible_to(who).count() == 1
    assert not KeyCase.objects.visible_to(congress.town.actors["b"]).exists()
    assert not KeyCase.objects.visible_to(_elsewhere(congress)).exists()
    with pytest.raises(NotYourAct):
        delist(congress, KeyCase.objects.get(), by=_elsewhere(congress))
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert not KeyCase.objects.visible_to(watch).exists()
    assert KeyCase.objects.visible_to(congress.office).count() == 1


def _elsewhere(congress):
    """The congress office of another county."""
    other, _made = Jurisdiction.objects.get_or_create(code="other", name="邻县")
    county, _made = Place.objects.get_or_create(
        jurisdiction=other,
        level="county",
        code="99",
        name="邻县",
        full_name="邻县",
        pinyin="lin",
        path="/99/",
    )
    person = Person.objects.create(jurisdiction=other, name="邻县干部")
    office = Post.objects.get(person=congress.office.person)
    Post.objects.create(person=person, role=office.role, unit=office.unit, place=county, from_on="2020-01-01")
    return congress.actor(person)
