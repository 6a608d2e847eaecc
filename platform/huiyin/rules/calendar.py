"""The working calendar as a value: which days count, and which years are still 暂定."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

ONE_DAY = timedelta(days=1)


class OutOfCalendar(Exception):
    """A day lies outside the years that the calendar's table holds."""


@dataclass(frozen=True)
class Calendar:
    """
    Working days of the years `first`–`last`.

    `off` names the weekdays that are holidays, `on` the Saturdays and Sundays that are worked (调休); every other day
    is worked Monday to Friday. A year in `provisional` has no official list yet.
    """

    first: int
    last: int
    off: Mapping[date, str] = field(default_factory=dict)
    on: Mapping[date, str] = field(default_factory=dict)
    provisional: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """
        Whether a day is worked.

        :raises OutOfCalendar: if the table does not hold the day's year
        """
        if not self.first <= day.year <= self.last:
            raise OutOfCalendar(f"{day} is outside {self.first}–{self.last}")
        return day in self.on if day.weekday() >= 5 else day not in self.off

    def reason(self, day: date) -> str:
        """Why a day is not worked, or why a weekend day is: the holiday's name, 周末, or 调休上班."""
        if day.weekday() >= 5:
            return "调休上班" if day in self.on else self.off.get(day) or "周末"
        return self.off.get(day, "")

    @cached_property
    def workdays(self) -> list[date]:
        """Every working day of the table, in order."""
        day, end = date(self.first, 1, 1), date(self.last, 12, 31)
        found = []
        while day <= end:
            if self.is_workday(day):
                found.append(day)
            day += ONE_DAY
        return found

    def workday_after(self, day: date, count: int) -> date:
        """
        The `count`-th working day after a day, the day itself not counted (民法典 §201).

        :raises OutOfCalendar: if the table ends before it
        """
        if count < 1:
            raise ValueError("count must be at least 1; a deadline of no days is no deadline")
        if day.year < self.first:
            raise OutOfCalendar(f"{day} is before {self.first}")
        index = bisect_right(self.workdays, day) + count - 1
        if index >= len(self.workdays):
            raise OutOfCalendar(f"{count} working days after {day} lie beyond {self.last}")
        return self.workdays[index]

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        return bisect_right(self.workdays, end) - bisect_right(self.workdays, start)

    def roll(self, day: date) -> date:
        """The day itself if it is worked, else the next working day (民法典 §203)."""
        return day if self.is_workday(day) else self.workday_after(day, 1)
