"""Deadlines fall where 民法典 §200–204 and the calendar put them."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.rules import arithmetic, selectors
from huiyin.rules.calendar import Calendar, OutOfCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
VECTORS = list(csv.DictReader((Path(__file__).parent / "deadline_vectors.csv").open(encoding="utf-8")))


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def calendar(db) -> Calendar:
    return selectors.calendar()


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['start']}+{row['amount']}{row['unit']}")
def test_agrees_with_the_golden_vectors(calendar, row):
    found = arithmetic.due(day(row["start"]), int(row["amount"]), row["unit"], calendar)
    assert found.on == day(row["due"])
    assert found.provisional == row["note"].startswith("PROVISIONAL")


@pytest.mark.parametrize(
    "row", [row for row in VECTORS if row["naive_mon_fri"]], ids=lambda row: row["start"]
)
def test_differs_from_counting_mondays_to_fridays(row):
    bare = Calendar(first=2024, last=2027)
    naive = arithmetic.due(day(row["start"]), int(row["amount"]), row["unit"], bare).on
    assert naive == day(row["naive_mon_fri"])
    assert naive != day(row["due"])


def test_has_read_all_vectors():
    assert len(VECTORS) == 18


@pytest.mark.parametrize(
    ("start", "amount", "due", "counted_to"),
    [
        ("2026-03-02", 7, "2026-03-09", "2026-03-09"),
        ("2026-03-06", 1, "2026-03-09", "2026-03-07"),
        ("2026-02-04", 10, "2026-02-14", "2026-02-14"),  # a Saturday that is worked stays
        ("2026-02-05", 10, "2026-02-24", "2026-02-15"),  # rolls over the whole Spring Festival
        ("2025-12-31", 60, "2026-03-02", "2026-03-01"),
    ],
)
def test_counts_calendar_days_and_rolls_the_last(calendar, start, amount, due, counted_to):
    found = arithmetic.due(day(start), amount, "D", calendar)
    assert (found.on, found.counted_to) == (day(due), day(counted_to))


@pytest.mark.parametrize(
    ("start", "months", "corresponding"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-01", 11, "2026-12-01"),
        ("2026-01-01", 12, "2027-01-01"),
    ],
)
def test_finds_the_corresponding_day_of_a_month(start, months, corresponding):
    assert arithmetic.add_months(day(start), months) == day(corresponding)


def test_counts_hours_through_nights_and_holidays(calendar):
    found = arithmetic.due(at("2026-02-13T22:00"), 24, "H", calendar)
    assert found.at == at("2026-02-14T22:00")
    assert found.on == day("2026-02-14")
    assert found.skipped == ()


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-03-02T09:00", 1, "2026-03-02T10:00"),
        ("2026-03-02T11:30", 1, "2026-03-02T14:30"),  # over lunch
        ("2026-03-02T11:00", 1, "2026-03-02T12:00"),  # ends with the morning
        ("2026-03-02T06:00", 1, "2026-03-02T09:30"),  # before the office opens
        ("2026-03-02T13:00", 1, "2026-03-02T15:00"),  # during lunch
        ("2026-03-02T17:30", 1, "2026-03-03T09:30"),  # at closing time
        ("2026-03-02T17:00", 1, "2026-03-03T09:00"),
        ("2026-03-02T08:30", 7, "2026-03-02T17:30"),  # a whole office day
        ("2026-03-06T17:00", 2, "2026-03-09T10:00"),  # over a weekend
        ("2026-02-13T17:00", 1, "2026-02-14T09:00"),  # into a worked Saturday
        ("2026-02-14T17:00", 1, "2026-02-24T09:00"),  # over the Spring Festival
        ("2026-02-16T10:00", 1, "2026-02-24T09:30"),  # begun on a holiday
        ("2026-03-02T08:30", 14, "2026-03-03T17:30"),
    ],
)
def test_counts_working_hours_in_office_time(calendar, start, amount, due):
    assert arithmetic.due(at(start), amount, "WH", calendar).at == at(due)


def test_a_day_count_takes_the_day_of_a_moment(calendar):
    assert arithmetic.due(at("2026-02-13T23:59"), 5, "WD", calendar).on == day("2026-02-27")


@pytest.mark.parametrize("unit", ["H", "WH"])
def test_hours_are_not_counted_from_a_bare_day(calendar, unit):
    with pytest.raises(ValueError, match="from a moment"):
        arithmetic.due(day("2026-03-02"), 1, unit, calendar)


@pytest.mark.parametrize("unit", list(arithmetic.Unit))
@pytest.mark.parametrize("amount", [0, -1])
def test_a_deadline_of_no_time_is_none(calendar, unit, amount):
    with pytest.raises(ValueError, match="at least 1"):
        arithmetic.due(at("2026-03-02T09:00"), amount, unit, calendar)


@pytest.mark.parametrize("unit", ["", "d", "days", "W"])
def test_a_duration_without_a_unit_is_an_error(calendar, unit):
    with pytest.raises(ValueError, match="Unit"):
        arithmetic.due(day("2026-03-02"), 1, unit, calendar)


@pytest.mark.parametrize(
    ("start", "amount", "unit"),
    [
        ("2026-03-02", 9_000, "WD"),
        ("2026-03-02", 9_000, "D"),
        ("2026-03-02", 600, "M"),
        ("2026-03-02", 99_999_999, "D"),
        ("2026-03-02", 9_999_999, "M"),
        ("2026-03-02T09:00", 99_999_999_999, "H"),
        ("2026-03-02T09:00", 99_999, "WH"),
        ("2003-12-31", 5, "WD"),
        ("2003-06-01", 5, "D"),
        ("1999-01-04T09:00", 1, "WH"),
    ],
)
def test_nothing_is_invented_outside_the_calendar(calendar, start, amount, unit):
    moment = at(start) if "T" in start else day(start)
    with pytest.raises(OutOfCalendar):
        arithmetic.due(moment, amount, unit, calendar)


def test_only_a_count_that_looks_at_the_calendar_is_provisional(calendar):
    last = max(
        year for year in range(2004, 2100) if year not in calendar.provisional and year <= calendar.last
    )
    assert last >= 2026
    eve = datetime(last, 12, 31, 10, tzinfo=SHANGHAI)
    assert not arithmetic.due(eve, 48, "H", calendar).provisional
    for amount, unit in ((3, "WD"), (3, "D"), (1, "M"), (12, "WH")):
        assert arithmetic.due(eve, amount, unit, calendar).provisional
    long_before = datetime(last, 3, 2, 10, tzinfo=SHANGHAI)
    assert not arithmetic.due(long_before, 3, "WD", calendar).provisional


def test_working_days_are_counted_back_and_forth(calendar):
    start, end = day("2026-02-13"), day("2026-02-27")
    assert calendar.workdays_between(start, end) == 5
    assert calendar.workdays_between(end, start) == -5
    assert calendar.workdays_between(start, start) == 0


def test_every_working_day_is_reached_by_its_count(calendar):
    start = day("2026-01-01")
    later = [calendar.workday_after(start, count) for count in range(1, 200)]
    assert later == sorted(set(later))
    assert all(calendar.is_workday(found) for found in later)
    assert all(calendar.workdays_between(start, found) == n for n, found in enumerate(later, 1))
    assert later[0] > start
    assert later[-1] - start < timedelta(days=366)
