"""A citizen reports: choose a place, tell, keep the receipt. No account, no script."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases import errors as case_errors
from huiyin.cases import runtime, services
from huiyin.cases.models import Case
from huiyin.core import ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import selectors as directory
from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.notices import services as notices
from huiyin.opinion.models import Publication
from huiyin.opinion.selectors import similar_to
from huiyin.web import codes, doors, sending, uploads, walking

#: what an address carries from page to page: the scanned code, and the deputy one wants to reach
CARRIED = ("code", "deputy")
#: what a page sends besides the answers
NOT_KEPT = ("csrfmiddlewaretoken", "step")


def carried(request: HttpRequest) -> str:
    """The part of the address that goes along to the next page, with its question mark."""
    kept = {name: value for name in CARRIED if (value := request.GET.get(name))}
    return f"?{urlencode(kept)}" if kept else ""


@require_safe
def choose_place(request: HttpRequest, place_id: str | None = None) -> HttpResponse:
    """Walk down the tree of places by plain links."""
    step = walking.step_at(place_id)
    if step.can_report and step.place is not None and not step.children:
        return redirect(f"{reverse('report', args=[step.place.public_id])}{carried(request)}")
    context = {
        "place": step.place,
        "children": step.children,
        "above": step.above,
        "can_report": step.can_report,
        "carried": carried(request),
        "station": directory.station_of(step.place) if step.place else None,
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
    if request.method != "POST":
        return _form(request, place, definition, values=_known(request, place))
    document = runtime.of(definition.pk).documents["report"]
    posted, problems = uploads.posted_with_files(request, document, time_source.now())
    values = forms.read(document, posted)
    if sent := _sent_before(request, place, values):
        messages.info(
            request, _("您刚才已经提交过，这是当时的回执。要补充文字或照片，请在“查询进度”里补充。")
        )
        return redirect("receipt", case_id=sent)
    problems = {**sending.problems_of(document, values), **problems}
    if problems or request.POST.get("step") == "edit":
        return _form(request, place, definition, values=values, problems=problems)
    if request.POST.get("step") != "send" and (alike := _similar(values, place)):
        # The words travel on in hidden fields; uploads were staged above and go along by their ids.
        kept = [(name, one) for name, all_ in posted.lists() for one in all_ if name not in NOT_KEPT]
        context = {"alike": alike, "kept": kept, "place": place, "station": directory.station_of(place)}
        return render(request, "web/similar.html", context)
    return _send(request, place, definition, values)


def _sent_before(request: HttpRequest, place: Place, values: dict[str, object]) -> str:
    """The matter that this browser sent with the same words, while it is being handled; once it is closed they are a new one."""
    sent: str = request.session.get("sent", {}).get(sending.key_of(place.public_id, values), "")
    return sent if Case.objects.filter(public_id=sent, closed_at=None).exists() else ""


def _similar(values: dict[str, object], place: Place) -> list[Publication]:
    """What is published of the same thing, of reviewed texts alone."""
    return similar_to(f"{values.get('title', '')} {values.get('words', '')}", place)


def _send(
    request: HttpRequest, place: Place, definition: Definition, values: dict[str, object]
) -> HttpResponse:
    """Hand the matter in; what is refused comes back with its words."""
    key = request.POST.get("key") or ids.new_id()
    try:
        case = services.start_case(
            definition=definition,
            answers=values,
            place=place,
            now=time_source.now(),
            source=Case.Source.CODE if _door(request) else Case.Source.WEB,
            source_key=sending.key_of(key, values),
        )
    except forms.AnswersRejected as rejected:
        return _form(request, place, definition, values=values, problems=rejected.problems)
    except case_errors.DeputyUnknown as refusal:
        return _form(request, place, definition, values=values, problems={"deputy": refusal.sentence})
    codes.remember(request, case)
    sent = request.session.get("sent", {})
    request.session["sent"] = {**sent, sending.key_of(place.public_id, values): case.public_id}
    return redirect("receipt", case_id=case.public_id)


def _door(request: HttpRequest) -> doors.Door | None:
    return doors.read(request.GET.get("code", ""))


def _wanted(request: HttpRequest) -> str:
    """The deputy that the address or the scanned code names."""
    door = _door(request)
    return request.GET.get("deputy") or (door.deputy if door else "")


def _known(request: HttpRequest, place: Place) -> dict[str, object]:
    """What the scanned code has already said."""
    door = _door(request)
    plate = door.plate if door and door.place == place.public_id else ""
    return {name: value for name, value in {"where": plate, "deputy": _wanted(request)}.items() if value}


def _form(
    request: HttpRequest,
    place: Place,
    definition: Definition,
    *,
    values: dict[str, object],
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    known = {
        post.person.public_id: _("%(name)s（%(n)s）")
        % {"name": post.person.name, "n": post.title or post.get_role_display()}
        for post in directory.representatives_of(place, time_source.today())
    }
    document = runtime.of(definition.pk).documents["report"]
    wanted = _wanted(request)
    shown = rendering.view(
        document, values=values, problems=problems, choices={"deputy": list(known.items())}
    )
    # Who stands before a code may turn to a deputy of that place; where nobody was asked for, a link leads to them.
    asked_for = bool(wanted or "deputy" in values or _door(request))
    if not asked_for:
        shown = replace(shown, fields=tuple(field for field in shown.fields if field.kind != "deputy"))
    context = {
        "form": shown,
        "place": place,
        "key": request.POST.get("key") or ids.new_id(),
        "station": directory.station_of(place),
        "carried": carried(request),
        "asked_for": asked_for,
        "not_here": bool(wanted) and wanted not in known,
    }
    return render(request, "web/report.html", context, status=422 if problems else 200)


@never_cache
@require_safe
def receipt(request: HttpRequest, case_id: str) -> HttpResponse:
    """Number in large type, code, QR and the station's telephone; shown only to the browser that reported."""
    actor = codes.asker_of(request, get_object_or_404(Case, public_id=case_id))
    if actor is None:
        raise Http404
    case = get_object_or_404(Case.objects.visible_to(actor).select_related("place"), public_id=case_id)
    link = codes.link(request, case)
    context = {
        "case": case,
        "code": codes.code_of(case),
        "link": link,
        "qr": codes.drawing_of(link),
        "place": case.place,
        "station": directory.station_of(case.place),
        "tells_by_telephone": notices.told_by_telephone({case.reporter_id}),
    }
    return render(request, "web/receipt.html", context)
