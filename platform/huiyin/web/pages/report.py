"""A citizen reports: choose a place, tell, keep the receipt. No account, no script."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases import runtime, services
from huiyin.cases.models import Case
from huiyin.core import ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import selectors as directory
from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place, Unit
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.web import codes, sending, uploads


@require_safe
def choose_place(request: HttpRequest, place_id: str | None = None) -> HttpResponse:
    """Walk down the tree of places by plain links."""
    places = Place.objects.visible_to(PUBLIC)
    counties = places.filter(level=Place.Level.COUNTY).order_by("path")
    place = get_object_or_404(places, public_id=place_id) if place_id else None
    if place is None and counties.count() == 1:
        place = counties.get()
    # Names by sound; grids are numbered, and their codes are in that order.
    order = "path" if place and place.level in (Place.Level.VILLAGE, Place.Level.COMMUNITY) else "pinyin"
    children = places.filter(parent=place).order_by(order, "id") if place else counties
    can_report = place is not None and place.level in Place.REPORTABLE
    if can_report and place is not None and not children:
        return redirect("report", place_id=place.public_id)
    above = (
        places.above(place).filter(level__in=[*Place.REPORTABLE, Place.Level.COUNTY])
        if place
        else places.none()
    )
    context = {
        "place": place,
        "children": children,
        "above": above.order_by("path"),
        "can_report": can_report,
    }
    return render(request, "web/choose_place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, place_id: str) -> HttpResponse:
    """The form, and its answer: a receipt, or the same page with every word kept."""
    place = get_object_or_404(
        Place.objects.visible_to(PUBLIC), public_id=place_id, level__in=Place.REPORTABLE
    )
    newest = Definition.objects.visible_to(PUBLIC).newest(place.jurisdiction, "matter")
    definition = get_object_or_404(newest[:1])
    document, now = runtime.of(definition.pk).documents["report"], time_source.now()
    values: dict[str, object] = {}
    problems: dict[str, str] = {}
    key = request.POST.get("key") or ids.new_id()
    if request.method == "POST":
        posted, problems = uploads.posted_with_files(request, document, now)
        values = forms.read(document, posted)
        if sent := request.session.get("sent", {}).get(sending.key_of(place.public_id, values)):
            messages.info(request, _("您刚才已经提交过，这是当时的回执。"))
            return redirect("receipt", case_id=sent)
        if problems:
            problems = {**sending.problems_of(document, values), **problems}
        else:
            try:
                case = services.start_case(
                    definition=definition,
                    answers=values,
                    place=place,
                    now=now,
                    source=Case.Source.CODE if request.GET.get("by") == "code" else Case.Source.WEB,
                    source_key=sending.key_of(key, values),
                )
            except forms.AnswersRejected as rejected:
                problems = rejected.problems
            else:
                codes.remember(request, case)
                sent = request.session.get("sent", {})
                request.session["sent"] = {**sent, sending.key_of(place.public_id, values): case.public_id}
                return redirect("receipt", case_id=case.public_id)
    form = rendering.view(document, values=values, problems=problems)
    deputies = directory.deputies_of(place, time_source.today())[:8]
    context = {"form": form, "place": place, "key": key, "deputies": deputies, "station": _station(place)}
    return render(request, "web/report.html", context, status=422 if problems else 200)


def _station(place: Place) -> Unit | None:
    return (
        Unit.objects.visible_to(PUBLIC)
        .filter(kind=Unit.Kind.STATION, place__code__in=place.codes)
        .order_by("-place__path")
        .first()
    )


@never_cache
@require_safe
def receipt(request: HttpRequest, case_id: str) -> HttpResponse:
    """Number in large type, code, QR and the station's telephone; shown only to the browser that reported."""
    case = get_object_or_404(
        Case.objects.filter(public_id__in=request.session.get("followed", [])), public_id=case_id
    )
    link = codes.link(request, case)
    drawing = segno.make(link, error="m").svg_inline(scale=5, border=2, dark="#1f2937", title="QR")
    context = {
        "case": case,
        "code": codes.code_of(case),
        "link": link,
        "qr": mark_safe(drawing),
        "station": _station(case.place),
    }
    return render(request, "web/receipt.html", context)
