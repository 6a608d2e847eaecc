"""问与答: what was asked and answered, for everybody; reviewed, and without names."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from huiyin.directory import selectors as directory
from huiyin.directory.models import Place
from huiyin.opinion.models import Publication

PAGE = 15
#: as many letters as a search may have
LONGEST = 50


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The newest first; by words and by township."""
    seen = Publication.objects.visible_to(request.actor).select_related("case__place")
    here = seen.filter(case__place__path__startswith=OuterRef("path"))
    places = Place.objects.visible_to(request.actor)
    towns = places.filter(Exists(here), level__in=[Place.Level.TOWN, Place.Level.STREET]).order_by("pinyin")
    query = request.GET.get("q", "").strip()[:LONGEST]
    place = places.filter(public_id=request.GET.get("place", "")).first()
    found = seen.saying(query) if query else seen
    found = found.at(place) if place else found
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "towns": towns,
        "query": query,
        "at": place,
        "place": place,
        "station": directory.station_of(place) if place else None,
    }
    return render(request, "web/answers.html", context)


@require_safe
def answer(request: HttpRequest, publication_id: str) -> HttpResponse:
    """One matter in large print, on one page of paper."""
    seen = Publication.objects.visible_to(request.actor).select_related("case__place")
    row = get_object_or_404(seen, public_id=publication_id)
    place = row.case.place
    context = {"row": row, "place": place, "station": directory.station_of(place)}
    return render(request, "web/answer.html", context)
