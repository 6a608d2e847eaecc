"""问与答: what was asked and answered, for everybody; reviewed, and without names."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import errors, ids, time_source
from huiyin.directory import selectors as directory
from huiyin.directory.models import Place
from huiyin.opinion import services
from huiyin.opinion.models import Publication
from huiyin.opinion.selectors import counted
from huiyin.web import codes, paging

PAGE = 15
#: where the browser keeps the word by which it is counted once
VISITOR = "visitor"
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
    page, most = paging.newest(request, found.order_by("-published_at", "-id"), counted(seen), PAGE)
    context = {
        "page": page,
        "most": most,
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
    row = _find(request, publication_id)
    place = row.case.place
    context = {"row": row, "place": place, "station": directory.station_of(place)}
    return render(request, "web/answer.html", context)


@require_POST
def meet(request: HttpRequest, publication_id: str) -> HttpResponse:
    """我也遇到: counted once for each browser; what happened meanwhile is said on the answer's page."""
    row = _find(request, publication_id)
    key = request.session.setdefault(VISITOR, ids.new_id())
    try:
        services.support(publication=row, key=key, now=time_source.now())
    except errors.Conflict as refusal:
        place = row.case.place
        context = {
            "row": row,
            "place": place,
            "station": directory.station_of(place),
            "sentence": refusal.sentence,
        }
        return render(request, "web/answer.html", context, status=refusal.status)
    return redirect("met", publication_id=publication_id)


@never_cache
@require_safe
def met(request: HttpRequest, publication_id: str) -> HttpResponse:
    """The slip with which the public answer is followed; shown to the browser that said 我也遇到."""
    row = _find(request, publication_id)
    if not row.supporters.filter(key=request.session.get(VISITOR, "")).exists():
        raise Http404
    link = request.build_absolute_uri(reverse("answer", args=[publication_id]))
    place = row.case.place
    context = {
        "row": row,
        "link": link,
        "qr": codes.drawing_of(link),
        "place": place,
        "station": directory.station_of(place),
    }
    return render(request, "web/met.html", context)


def _find(request: HttpRequest, publication_id: str) -> Publication:
    seen = counted(Publication.objects.visible_to(request.actor)).select_related("case__place")
    return get_object_or_404(seen, public_id=publication_id)
