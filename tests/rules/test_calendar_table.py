"""The calendar is a table: seeded once, made official by hand, read once a revision."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from huiyin.rules import selectors, services
from huiyin.rules.calendar import Calendar, OutOfCalendar
from huiyin.rules.models import CalendarDay, CalendarYear


def test_holds_official_years_and_provisional_ones_behind_them(db):
    years = dict(CalendarYear.objects.values_list("year", "official"))
    assert min(years) == services.FIRST_YEAR
    assert all(years[year] for year in range(2004, 2027))
    last = max(year for year, official in years.items() if official)
    assert [years[year] for year in range(last + 1, max(years) + 1)] == [False] * services.PROVISIONAL_YEARS
    assert selectors.calendar().provisional == {year for year, official in years.items() if not official}


def test_seeding_again_changes_nothing(db):
    before = list(CalendarDay.objects.values_list("day", "worked", "name").order_by("day"))
    assert services.seed_calendar() == 0
    assert list(CalendarDay.objects.values_list("day", "worked", "name").order_by("day")) == before


def test_names_every_day_that_differs(db):
    calendar = selectors.calendar()
    assert calendar.reason(date(2026, 2, 17)) == "春节"
    assert calendar.reason(date(2026, 2, 14)) == "调休上班"
    assert calendar.reason(date(2026, 3, 7)) == "周末"
    assert calendar.reason(date(2026, 3, 6)) == ""
    assert not [name for name in CalendarDay.objects.values_list("name", flat=True) if not name.strip()]
    assert not [name for name in CalendarDay.objects.values_list("name", flat=True) if name.isascii()]


def test_a_provisional_year_knows_holidays_but_no_make_up_days(db):
    year = min(selectors.calendar().provisional)
    rows = CalendarDay.objects.filter(year=year)
    assert rows.filter(worked=True).count() == 0
    assert rows.filter(day=date(year, 10, 1)).exists() or date(year, 10, 1).weekday() >= 5


def test_a_year_becomes_official_with_its_published_days(db):
    year = min(selectors.calendar().provisional)
    weekend = next(date(year, 9, n) for n in range(1, 31) if date(year, 9, n).weekday() == 6)
    weekday = next(date(year, 9, n) for n in range(1, 31) if date(year, 9, n).weekday() == 2)
    services.enter_year(year=year, off={weekday: "中秋节"}, worked={weekend: "中秋节调休"})
    calendar = selectors.calendar()
    assert year not in calendar.provisional
    assert calendar.is_workday(weekend)
    assert not calendar.is_workday(weekday)
    assert CalendarDay.objects.filter(year=year).count() == 2


def test_a_day_of_another_year_or_on_both_lists_is_refused(db):
    year = min(selectors.calendar().provisional)
    strange, sunday = (
        date(year + 1, 1, 4),
        next(date(year, 9, n) for n in range(1, 8) if date(year, 9, n).weekday() == 6),
    )
    for off, worked in (
        ({strange: "元旦"}, {}),
        ({}, {strange: "元旦"}),
        ({sunday: "中秋节"}, {sunday: "中秋节"}),
    ):
        with pytest.raises(services.DayMisplaced) as refused:
            services.enter_year(year=year, off=off, worked=worked)
        assert str(year) in refused.value.sentence
    assert year in selectors.calendar().provisional


def test_a_published_list_may_name_weekend_days(db):
    year = min(selectors.calendar().provisional)
    sunday = next(date(year, 10, n) for n in range(1, 8) if date(year, 10, n).weekday() == 6)
    services.enter_year(year=year, off={sunday: "国庆节"}, worked={})
    assert selectors.calendar().reason(sunday) == "国庆节"
    assert not selectors.calendar().is_workday(sunday)


def test_is_read_once_until_a_year_changes(db, django_assert_num_queries):
    selectors.calendar()
    with django_assert_num_queries(1):
        first = selectors.calendar()
    year = min(first.provisional)
    services.enter_year(year=year, off={}, worked={})
    assert selectors.calendar() is not first
    assert year not in selectors.calendar().provisional


def test_what_was_rolled_back_is_not_remembered(db):
    year = min(selectors.calendar().provisional)
    wednesday, thursday = (
        next(date(year, 9, n) for n in range(1, 31) if date(year, 9, n).weekday() == w) for w in (2, 3)
    )
    with transaction.atomic():
        services.enter_year(year=year, off={wednesday: "误"}, worked={})
        assert not selectors.calendar().is_workday(wednesday)
        transaction.set_rollback(True)
    services.enter_year(year=year, off={thursday: "中秋节"}, worked={})
    assert selectors.calendar().is_workday(wednesday)
    assert not selectors.calendar().is_workday(thursday)


def test_an_empty_table_knows_no_day(db):
    CalendarYear.objects.all().delete()
    with pytest.raises(OutOfCalendar):
        selectors.calendar().is_workday(date(2026, 3, 2))
    with pytest.raises(OutOfCalendar):
        Calendar(first=2026, last=2026).workday_after(date(2026, 12, 31), 1)
