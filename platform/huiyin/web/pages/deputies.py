"""Find MY deputies: walk to one's place, see who represents it at every level, and turn to one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.core import time_source
from huiyin.directory import selectors as directory
from huiyin.directory.models import Person, Place
from huiyin.directory.roles import Role
from huiyin.web import walking

#: (what they are together, (person, what each is))
Level = tuple[str, list[tuple[Person, str]]]


@require_safe
def deputies(request: HttpRequest, place_id: str | None = None) -> HttpResponse:
    """The places below, and the deputies of the place, nearest level first."""
    step = walking.step_at(place_id)
    context = {
        "step": step,
        "place": step.place,
        "levels": _levels(step.place) if step.place and step.can_report else [],
        "station": directory.station_of(step.place) if step.place else None,
    }
    return render(request, "web/deputies.html", context)


def _levels(place: Place) -> list[Level]:
    found: dict[str, list[tuple[Person, str]]] = {}
    for post in directory.representatives_of(place, time_source.today()):
        village = post.role == Role.VILLAGE_DEPUTY
        name = _("%(name)s村民代表") if village else _("%(name)s人大代表")
        people = found.setdefault(name % {"name": post.congress.name}, [])
        people.append((post.person, post.title or post.get_role_display()))
    return list(found.items())
