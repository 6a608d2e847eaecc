"""Staff print codes: for a place, the places in it, the doors of a grid, and its deputies; an A4 sheet of labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import time_source
from huiyin.directory import selectors as directory
from huiyin.directory.models import Place, Unit
from huiyin.directory.querysets import PlaceQuerySet
from huiyin.web import codes, doors

ACT = "code.print"
#: labels of one sheet: ten pages of twelve, drawn in about a second
MOST = 120
#: (value, name, what it is)
Offer = tuple[str, str, str]


@dataclass(frozen=True)
class Label:
    """One label: what stands under the code, and the drawing."""

    title: str
    below: str
    drawing: SafeString


def _places(request: HttpRequest) -> PlaceQuerySet:
    """The places for which one of the actor's posts prints codes."""
    return Place.objects.visible_to(request.actor).where_may(request.actor, ACT)


@login_required
@require_safe
def door_codes(request: HttpRequest) -> HttpResponse:
    """Choose what to print; without a place, the first one of the actor's own."""
    request.actor.require(ACT)
    return _page(request, _place(request, request.GET.get("place", "")))


@login_required
@require_POST
def door_sheet(request: HttpRequest) -> HttpResponse:
    """The sheet; if nothing or too much was chosen, the page with every word kept."""
    request.actor.require(ACT)
    place = _place(request, request.POST.get("place", ""))
    plates = [line.strip() for line in request.POST.get("plates", "").splitlines() if line.strip()]
    chosen = request.POST.getlist("of")
    count = len(set(chosen)) + len(plates)
    problem = ""
    if long := [plate for plate in plates if len(plate) > doors.PLATE]:
        problem = _("门牌文字最多 %(n)s 个字：%(text)s") % {"n": doors.PLATE, "text": long[0]}
    elif not count:
        problem = _("请至少选择一种码，或填写门牌。")
    elif count > MOST:
        problem = _("一次最多打印 %(n)s 张，现在选了 %(count)s 张，请分几次打印。") % {
            "n": MOST,
            "count": count,
        }
    if problem:
        return _page(request, place, plates=request.POST.get("plates", ""), chosen=chosen, problem=problem)
    labels = [
        *(_label(request, door, title, below) for door, title, below in _chosen(request, place, chosen)),
        *(
            _label(request, doors.Door(place.public_id, plate), plate, place.full_name)
            for plate in dict.fromkeys(plates)
        ),
    ]
    context = {"labels": labels, "place": place, "station": directory.station_of(place)}
    return render(request, "web/door_sheet.html", context)


def _place(request: HttpRequest, public_id: str) -> Place:
    own = _places(request)
    return get_object_or_404(own, public_id=public_id) if public_id else own.order_by("path")[:1].get()


def _page(
    request: HttpRequest,
    place: Place,
    *,
    plates: str = "",
    chosen: list[str] | None = None,
    problem: str = "",
) -> HttpResponse:
    context = {
        "place": place,
        "above": _places(request).above(place).order_by("path"),
        "children": _places(request).filter(parent=place).order_by("pinyin", "id"),
        "offers": _offers(request, place),
        "deputies": _deputies(place),
        "can_report": place.level in Place.REPORTABLE,
        "plates": plates,
        "chosen": chosen or [],
        "problem": problem,
        "most": MOST,
    }
    return render(request, "web/door_codes.html", context, status=422 if problem else 200)


def _offers(request: HttpRequest, place: Place) -> list[Offer]:
    """Every code of a place besides door plates and deputies: its own, its station's, and those of the places in it."""
    found = [(f"place:{place.public_id}", place.name, place.get_level_display())]
    stations = Unit.objects.visible_to(request.actor).filter(kind=Unit.Kind.STATION, place=place)
    found += [(f"unit:{one.public_id}", one.name, one.get_kind_display()) for one in stations]
    children = _places(request).filter(parent=place).order_by("pinyin", "id")
    return found + [(f"place:{one.public_id}", one.name, one.get_level_display()) for one in children]


def _deputies(place: Place) -> list[Offer]:
    """The codes of those who represent the place, each person once."""
    posts = directory.representatives_of(place, time_source.today())
    found = {post.person: post.title or post.get_role_display() for post in reversed(posts)}
    return [
        (f"deputy:{person.public_id}", person.name, what) for person, what in reversed(list(found.items()))
    ]


def _chosen(request: HttpRequest, place: Place, chosen: list[str]) -> Iterator[tuple[doors.Door, str, str]]:
    """(door, title, what stands below it) of what was ticked; what is not offered here is not printed."""
    for value, name, what in [*_offers(request, place), *_deputies(place)]:
        if value not in chosen:
            continue
        kind, _sign, public_id = value.partition(":")
        if kind == "deputy":
            yield doors.Door(place.public_id, deputy=public_id), name, f"{what} · {place.full_name}"
        elif kind == "unit":
            yield doors.Door(place.public_id), name, place.full_name
        else:
            below = Place.objects.visible_to(request.actor).get(public_id=public_id)
            yield doors.Door(public_id), name, below.full_name


def _label(request: HttpRequest, door: doors.Door, title: str, below: str) -> Label:
    return Label(title, below, codes.drawing_of(doors.link(request, door), fills=True))
