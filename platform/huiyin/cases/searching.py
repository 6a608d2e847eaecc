"""Cases found by what somebody remembers of them."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.dateparse import parse_date

from huiyin.core.searching import holding
from huiyin.directory.models import Place

if TYPE_CHECKING:
    from huiyin.cases.querysets import CaseQuerySet

#: so many places of one name are looked at
MOST_PLACES = 50


def found_by(cases: CaseQuerySet, words: str) -> CaseQuerySet:
    """Cases whose number or title holds the words, that lie in a place of that name, or that came in on that day."""
    held = holding(words, "title", "number")
    # By their keys: a condition on another table would keep the titles from being found by their index.
    if places := _within(words):
        held |= Q(place__in=places)
    if day := _day_of(words):
        held |= Q(received_on=day)
    return cases.filter(held)


def _within(words: str) -> list[int]:
    """The keys of the places of a name and of all that lies in them."""
    paths = Place.objects.filter(holding(words, "name")).values_list("path", flat=True)[:MOST_PLACES]
    inside = [Q(path__startswith=path) for path in paths]
    return list(Place.objects.filter(reduce(or_, inside)).values_list("pk", flat=True)) if inside else []


def _day_of(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None  # a day that no month has
