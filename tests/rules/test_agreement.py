"""
Our table against two others, for every start from 2004 and every count up to 60 working days.

Known disagreement: 2005-12-31, a Saturday. For New Year 2006 the rest days of Saturday 2005-12-31 and Sunday 2006-01-01
were moved to Monday 2006-01-02 and Tuesday 2006-01-03. All three have those two days off. `holidays` also knows the other
half, that 2005-12-31 was worked ("Day off (substituted from 12/31/2005)"); `chinesecalendar`, which keeps its lists by
year and has none of make-up days for 2005's end, leaves it off, and so does our table, which is seeded from it. Every
difference follows from that one day: 82 starts from 2005-10-10 to 2005-12-30, for counts that pass over it.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from huiyin.rules import selectors

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
KNOWN = date(2005, 12, 31)


def due_dates(workdays: list[date]) -> dict[date, list[date]]:
    """start -> the 1st to 60th working day after it, as far as the years are known to all three."""
    return {start: workdays[at : at + 60] for start in DAYS for at in [bisect_right(workdays, start)]}


@pytest.fixture
def ours(db) -> list[date]:
    return [found for found in selectors.calendar().workdays if FIRST <= found <= LAST]


def test_agrees_with_chinesecalendar(ours):
    theirs = [found for found in DAYS if chinese_calendar.is_workday(found)]
    assert due_dates(ours) == due_dates(theirs)
    assert len(ours) > 5_500


def test_agrees_with_holidays_but_for_one_known_day(ours):
    listed = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    theirs = [found for found in DAYS if listed.is_working_day(found)]
    assert set(ours) ^ set(theirs) == {KNOWN}
    without, with_it = due_dates(ours), due_dates(theirs)
    assert due_dates([found for found in theirs if found != KNOWN]) == without
    differing = [start for start in DAYS if without[start] != with_it[start]]
    assert (differing[0], differing[-1], len(differing)) == (date(2005, 10, 10), date(2005, 12, 30), 82)


def test_the_known_day_is_off_in_our_table(ours):
    listed = holidays.country_holidays("CN", years=[2005, 2006])
    assert KNOWN.weekday() == 5
    assert KNOWN not in ours
    assert not chinese_calendar.is_workday(KNOWN)
    assert listed.is_working_day(KNOWN)
    for day_off in (date(2006, 1, 2), date(2006, 1, 3)):
        assert day_off not in ours
        assert not chinese_calendar.is_workday(day_off)
        assert not listed.is_working_day(day_off)
