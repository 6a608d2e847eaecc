"""One step of the walk down the tree of places, by plain links: where one stands, what lies below and above."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place
from huiyin.directory.querysets import PlaceQuerySet


@dataclass(frozen=True)
class Step:
    """Where one stands; no place where there are several counties to choose from."""

    place: Place | None
    children: PlaceQuerySet
    above: PlaceQuerySet

    @property
    def can_report(self) -> bool:
        """Whether a matter may be reported here."""
        return self.place is not None and self.place.level in Place.REPORTABLE


def step_at(place_id: str | None) -> Step:
    """The step at a place; without one at the county, where there is one alone."""
    places = Place.objects.visible_to(PUBLIC)
    counties = places.filter(level=Place.Level.COUNTY).order_by("path")
    place = get_object_or_404(places, public_id=place_id) if place_id else None
    if place is None and counties.count() == 1:
        place = counties.get()
    if place is None:
        return Step(None, counties, places.none())
    # Names by sound; grids are numbered, and their codes are in that order.
    order = "path" if place.level in (Place.Level.VILLAGE, Place.Level.COMMUNITY) else "pinyin"
    above = places.above(place).filter(level__in=[*Place.REPORTABLE, Place.Level.COUNTY])
    return Step(place, places.filter(parent=place).order_by(order, "id"), above.order_by("path"))
