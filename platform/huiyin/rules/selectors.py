"""The calendar and the rules in force, read from their tables."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import connection

from huiyin.core import errors
from huiyin.directory.models import Jurisdiction
from huiyin.rules.calendar import Calendar
from huiyin.rules.models import CalendarDay, CalendarYear, Profile, Rule


class NoProfile(errors.Conflict):
    """No rules are in force for this place on %(day)s. Ask the platform's administrator to enter them."""


class NoRule(errors.Conflict):
    """The rules in force have no rule “%(rule)s”. Ask the platform's administrator to enter it."""


def calendar() -> Calendar:
    """The calendar as the tables hold it; rebuilt only when a year was entered anew."""
    with connection.cursor() as cursor:
        # xmin names the transaction that wrote a row: unlike a count, it does not come back after a rollback.
        cursor.execute("SELECT string_agg(xmin::text, ' ' ORDER BY year) FROM rules_calendaryear")
        return _calendar(cursor.fetchone()[0] or "")


@lru_cache(maxsize=4)
def _calendar(written: str) -> Calendar:
    years = list(CalendarYear.objects.order_by("year"))
    days = list(CalendarDay.objects.all())
    return Calendar(
        first=years[0].year if years else 1,
        last=years[-1].year if years else 0,
        off={day.day: day.name for day in days if not day.worked},
        on={day.day: day.name for day in days if day.worked},
        provisional=frozenset(year.year for year in years if not year.official),
    )


def profile_in_force(jurisdiction: Jurisdiction, on: date) -> Profile:
    """
    The rules that apply in a jurisdiction on a day.

    :raises NoProfile: if there are none
    """
    profile = Profile.objects.in_force(jurisdiction, on).order_by("-valid_from").first()
    if profile is None:
        raise NoProfile(day=on.isoformat())
    return profile


def rule(profile: Profile, code: str) -> Rule:
    """
    A rule of a profile.

    :raises NoRule: if the profile has none of that code
    """
    for found in _rules(profile.pk, profile.digest):
        if found.code == code:
            return found
    raise NoRule(rule=code)


def codes_to_start(profile: Profile, named: str) -> list[str]:
    """
    The rules that a step's `starts` names: `code`, or `code?` for one that begins only where the profile has it.

    Not every regulation sets every deadline: 重庆 §18 asks for a first contact within so many days, 浙江 does not.
    """
    known = {found.code for found in _rules(profile.pk, profile.digest)}
    codes = [(one.rstrip("?"), one.endswith("?")) for one in named.split()]
    return [code for code, optional in codes if not optional or code in known]


@lru_cache(maxsize=64)
def _rules(profile_id: int, digest: str) -> tuple[Rule, ...]:
    # A profile's rules never change under one digest: changing a rule makes a new version.
    return tuple(Rule.objects.filter(profile_id=profile_id))
