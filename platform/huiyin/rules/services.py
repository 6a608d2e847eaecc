"""Fill the tables: the calendar from its sources, a profile from its data file."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import yaml
from django.db import transaction

from huiyin.core import canonical, errors
from huiyin.directory.models import Jurisdiction
from huiyin.rules.calendar import ONE_DAY
from huiyin.rules.models import CalendarDay, CalendarYear, Profile, Rule

DATA = Path(__file__).parent / "data"
FIRST_YEAR = 2004
#: Provisional years reach far enough for six months' answers and multi-year commitments.
PROVISIONAL_YEARS = 6


class DayMisplaced(errors.Invalid):
    """%(day)s must lie in the year %(year)s, and be either off or worked, not both."""


@transaction.atomic
def seed_calendar() -> int:
    """Enter the official years that `chinesecalendar` knows, and provisional ones behind them; keep what is there."""
    last_official = max(day.year for day in chinese_calendar.holidays)
    known = set(CalendarYear.objects.values_list("year", flat=True))
    for year in range(FIRST_YEAR, last_official + PROVISIONAL_YEARS + 1):
        if year not in known:
            official = year <= last_official
            row = CalendarYear.objects.create(year=year, official=official)
            CalendarDay.objects.bulk_create(_official(row) if official else _provisional(row))
    return CalendarYear.objects.count() - len(known)


@transaction.atomic
def enter_year(*, year: int, off: dict[date, str], worked: dict[date, str]) -> CalendarYear:
    """
    Replace a year's days by the published list and make it official; open deadlines are recounted by `cases`.

    :raises DayMisplaced: if a day is of another year, or both off and worked
    """
    for day in [*off, *worked]:
        if day.year != year or (day in off and day in worked):
            raise DayMisplaced(day=day.isoformat(), year=year)
    row, _created = CalendarYear.objects.select_for_update().get_or_create(
        year=year, defaults={"revision": 0}
    )
    row.days.all().delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, year=row, worked=False, name=name) for day, name in off.items()]
        + [CalendarDay(day=day, year=row, worked=True, name=name) for day, name in worked.items()]
    )
    row.official = True
    row.revision += 1
    row.save()
    return row


def _official(year: CalendarYear) -> list[CalendarDay]:
    found, day = [], date(year.year, 1, 1)
    while day.year == year.year:
        worked = chinese_calendar.is_workday(day)
        if worked != (day.weekday() < 5):
            _is_holiday, name = chinese_calendar.get_holiday_detail(day)
            label = _NAMES.get(name or "", name or "") + ("调休" if worked else "")
            found.append(CalendarDay(day=day, year=year, worked=worked, name=label))
        day += ONE_DAY
    return found


def _provisional(year: CalendarYear) -> list[CalendarDay]:
    listed = holidays.country_holidays("CN", years=year.year, language="zh_CN")
    return [
        CalendarDay(day=day, year=year, worked=False, name=name)
        for day, name in sorted(listed.items())
        if day.weekday() < 5 and day.year == year.year
    ]


_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


@transaction.atomic
def load_profile(*, jurisdiction: Jurisdiction, code: str, folder: Path = DATA) -> Profile:
    """Enter a profile from `<code>.yaml`; the same content again changes nothing."""
    document: dict[str, Any] = yaml.safe_load((folder / f"{code}.yaml").read_text(encoding="utf-8"))
    tables = {
        name: (folder / path).read_text(encoding="utf-8") for name, path in document.get("tables", {}).items()
    }
    digest = hashlib.sha256(canonical.encode({"document": document, "tables": tables})).hexdigest()
    known = Profile.objects.filter(jurisdiction=jurisdiction, code=code, digest=digest).first()
    if known is not None:
        return known
    profile = Profile.objects.create(
        jurisdiction=jurisdiction,
        code=code,
        name=document["name"],
        source=document["source"],
        valid_from=document["valid_from"],
        confirmed_on=document.get("confirmed_on"),
        tables=tables,
        digest=digest,
    )
    Rule.objects.bulk_create(
        [Rule(profile=profile, code=name, **fields) for name, fields in document["rules"].items()]
    )
    return profile
