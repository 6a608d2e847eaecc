"""
Deadline arithmetic after 民法典 §200–204.

The first day is not counted; months end on the corresponding day, else on the month's end; a last day on a
法定休假日 moves to the next working day; a make-up working Saturday or Sunday is a working day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from enum import StrEnum

from huiyin.rules.calendar import ONE_DAY, Calendar, OutOfCalendar

#: Office hours for `WH`, morning and afternoon.
OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
#: More of any unit leads past every calendar, and past what a date can hold.
MOST = 100_000


class Unit(StrEnum):
    """Units of a rule's amount; a duration without one is an error."""

    HOURS = "H"
    WORKING_HOURS = "WH"
    DAYS = "D"
    WORKING_DAYS = "WD"
    MONTHS = "M"


@dataclass(frozen=True)
class Due:
    """A deadline and why it falls where it does."""

    start: date
    amount: int
    unit: Unit
    on: date
    #: the moment, for hours; None means the end of the day `on`
    at: datetime | None
    #: the day the count alone leads to, before rolling over days off
    counted_to: date
    #: days off that the count passed over or rolled over, with their reason
    skipped: tuple[tuple[date, str], ...]
    #: make-up working days that were counted
    made_up: tuple[date, ...]
    provisional: bool


def due(start: date | datetime, amount: int, unit: Unit | str, calendar: Calendar) -> Due:
    """
    Count a deadline.

    :param start: the day of the event that starts it; an aware moment for `H` and `WH`
    :param amount: at least 1
    :raises ValueError: for an amount below 1, an unknown unit, or hours from a bare date
    :raises OutOfCalendar: if the calendar's table ends before the deadline
    """
    unit = Unit(unit)
    if amount < 1:
        raise ValueError("amount must be at least 1")
    if amount > MOST:
        raise OutOfCalendar(f"{amount} {unit} lie outside {calendar.first}–{calendar.last}")
    if unit in (Unit.HOURS, Unit.WORKING_HOURS):
        if not isinstance(start, datetime):
            raise ValueError("hours are counted from a moment, not from a day")
        moment = (
            start + timedelta(hours=amount) if unit is Unit.HOURS else _working_hours(start, amount, calendar)
        )
        return _result(start.date(), amount, unit, moment.date(), moment.date(), calendar, at=moment)
    day = start.date() if isinstance(start, datetime) else start
    if unit is Unit.WORKING_DAYS:
        counted = calendar.workday_after(day, amount)
        return _result(day, amount, unit, counted, counted, calendar)
    counted = day + timedelta(days=amount) if unit is Unit.DAYS else add_months(day, amount)
    return _result(day, amount, unit, counted, calendar.roll(counted), calendar)


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, or that month's last day where there is none (民法典 §202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > MAXYEAR:
        raise OutOfCalendar(f"{months} months after {day} lie outside every calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _result(
    start: date,
    amount: int,
    unit: Unit,
    counted: date,
    on: date,
    calendar: Calendar,
    at: datetime | None = None,
) -> Due:
    passed = start + ONE_DAY if unit in (Unit.WORKING_DAYS, Unit.WORKING_HOURS) else counted
    skipped, made_up = [], []
    while passed <= on and unit is not Unit.HOURS:
        if not calendar.is_workday(passed):
            skipped.append((passed, calendar.reason(passed)))
        elif passed.weekday() >= 5:
            made_up.append(passed)
        passed += ONE_DAY
    # Hours run through nights and holidays: no list of days changes where they end.
    years = set() if unit is Unit.HOURS else set(range(start.year, on.year + 1))
    return Due(
        start,
        amount,
        unit,
        on,
        at,
        counted,
        tuple(skipped),
        tuple(made_up),
        bool(years & calendar.provisional),
    )


def _working_hours(start: datetime, amount: int, calendar: Calendar) -> datetime:
    left = timedelta(hours=amount)
    day = start.date()
    while True:
        if calendar.is_workday(day):
            for opens, closes in OFFICE_HOURS:
                begin = max(start, datetime.combine(day, opens, start.tzinfo))
                room = datetime.combine(day, closes, start.tzinfo) - begin
                if room <= timedelta(0):
                    continue
                if left <= room:
                    return begin + left
                left -= room
        day += ONE_DAY
