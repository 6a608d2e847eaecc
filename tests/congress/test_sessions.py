from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from huiyin.congress import errors, numerals, selectors, services
from huiyin.congress.models import Session
from huiyin.directory.actors import NotYourAct
from huiyin.directory.models import Place, Term
from tests.conftest import at
from tests.congress.conftest import NOW


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (5, "五"),
        (10, "十"),
        (11, "十一"),
        (17, "十七"),
        (20, "二十"),
        (21, "二十一"),
        (99, "九十九"),
    ],
)
def test_numbers_are_written_in_chinese(number, written):
    assert numerals.chinese(number) == written


@pytest.mark.parametrize("number", [0, 100, -3])
def test_other_numbers_are_refused(number):
    with pytest.raises(ValueError):
        numerals.chinese(number)


@pytest.mark.parametrize(
    ("level", "name", "word"),
    [
        ("province", "浙江省", "省"),
        ("city", "衢州市", "市"),
        ("county", "江山市", "县"),
        ("town", "石门镇", "石门镇"),
        ("town", "大陈乡", "大陈乡"),
    ],
)
def test_a_congress_is_called_by_its_level(level, name, word):
    assert numerals.congress_word(Place(level=level, name=name)) == word


def test_a_meeting_has_the_name_that_begins_the_titles(congress):
    session = congress.meeting()
    assert session.name == "县十七届人大五次会议"
    assert numerals.title_of(session, "建议", 12) == "县十七届人大五次会议第12号建议"


def test_only_the_congress_office_of_the_place_enters_a_meeting(congress):
    for actor in (congress.town.actors["office"], congress.actor(congress.deputies[0])):
        with pytest.raises(NotYourAct):
            congress.meeting(by=actor)


def test_a_meeting_is_entered_once(congress):
    congress.meeting()
    with pytest.raises(errors.SessionKnown):
        congress.meeting()


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_on": date(2026, 8, 31)},
        {"deadline_at": at("2026-09-05T08:00")},
        {"opens_on": date(2021, 9, 1)},
        {"closes_on": date(2027, 1, 1)},
        {"number": 0},
    ],
)
def test_dates_that_do_not_fit_are_refused(congress, wrong):
    right = {
        "number": 5,
        "opens_on": date(2026, 9, 1),
        "closes_on": date(2026, 9, 4),
        "deadline_at": at("2026-09-02T17:00"),
    }
    with pytest.raises(errors.SessionDates):
        services.enter_session(**{**right, **wrong}, term=congress.term, by=congress.office, now=NOW)


@pytest.mark.parametrize(
    ("moment", "in_session"),
    [
        ("2026-08-31T23:59", False),
        ("2026-09-01T00:00", True),
        ("2026-09-02T17:00", True),
        ("2026-09-02T17:01", False),
        ("2026-09-04T10:00", False),
    ],
)
def test_a_submission_belongs_to_the_meeting_up_to_its_deadline(congress, moment, in_session):
    meeting = congress.meeting()
    found = services.session_in_force(place=congress.county, moment=at(moment))
    assert (found == meeting) is in_session
    assert found.name == ("县十七届人大五次会议" if in_session else "县十七届人大闭会")
    assert selectors.session_for(congress.county, at(moment)) == found


def test_the_time_between_meetings_is_one_row(congress):
    found = [services.session_in_force(place=congress.county, moment=NOW + timedelta(n)) for n in range(3)]
    assert len(set(found)) == 1
    with pytest.raises(IntegrityError, match="a_term_has_one_time_between_sessions"), transaction.atomic():
        Session.objects.create(
            jurisdiction=congress.town.jurisdiction,
            place=congress.county,
            term=congress.term,
            name="又一个闭会",
            opens_on="2022-01-01",
        )


def test_without_a_term_there_is_no_session(congress):
    with pytest.raises(errors.NoTerm):
        services.session_in_force(place=congress.county, moment=at("2027-01-01T09:00"))
    assert services.session_in_force(place=congress.county, moment=at("2026-12-31T09:00"))


def test_a_township_is_named_for_a_county_has_many(congress):
    Term.objects.get_or_create(
        jurisdiction=congress.town.jurisdiction,
        place=congress.town.place.parent,
        number=17,
        defaults={"from_on": date(2022, 1, 1)},
    )
    names = [
        services.session_in_force(place=place, moment=NOW).name
        for place in (congress.county, congress.town.place.parent)
    ]
    assert names == ["县十七届人大闭会", "试跑镇十七届人大闭会"]
