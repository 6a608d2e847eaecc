"""来访、来电登记: a station or the congress office enters what citizens bring; one sheet of a reception may hold many matters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import runtime, services
from huiyin.cases.models import Case
from huiyin.cases.present.badges import status_badge
from huiyin.cases.services import transcribing
from huiyin.core import errors, ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import selectors as directory
from huiyin.directory.actors import Actor
from huiyin.directory.models import Place
from huiyin.directory.roles import POLICY, Role
from huiyin.files.models import Attachment
from huiyin.files.services import stage_copies
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.notices import services as notices
from huiyin.web import codes, sending, uploads

ACT = "case.transcribe"
SHOWN = 50
#: More places than this are no list to choose from: the grids are left out.
MOST_PLACES = 300
#: What the session keeps of one sheet for its next matter; name and telephone are read from the matter itself.
KEY = "intake"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The form with how it came; saved, one goes on with the next matter of the same sheet, or to the receipt."""
    actor = request.actor
    places = _places_of(actor)
    newest = Definition.objects.visible_to(actor).newest(actor.person.jurisdiction, "matter")
    definition = get_object_or_404(newest[:1])
    run = runtime.of(definition.pk)
    if transcribing.FORM not in run.documents:
        raise Http404
    documents = {"sheet": run.documents[transcribing.FORM], "answers": run.first_form}
    if request.method != "POST":
        return _page(request, documents, places, _begun(request, actor))
    values: dict[str, Any] = {"place": request.POST.get("place", "")}
    problems: dict[str, str] = {}
    for name, document in documents.items():
        posted, wrong = uploads.posted_with_files(request, document, time_source.now())
        values[name] = forms.read(document, posted)
        problems |= {**sending.problems_of(document, values[name]), **wrong}
    place = next((one for one in places if one.public_id == values["place"]), None)
    if place is None:
        problems["place"] = _("请选择事情发生的地点。")
    sentence = ""
    if place is not None and not problems:
        try:
            return _entered(request, _start(request, definition, place, values), values)
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except errors.Refusal as refusal:
            sentence = refusal.sentence
    return _page(request, documents, places, values, problems, sentence)


def _start(request: HttpRequest, definition: Definition, place: Place, values: dict[str, Any]) -> Case:
    actor = request.actor
    is_station = any(post.role == Role.STATION for post in actor.with_role(*POLICY[ACT]))
    key = request.POST.get("key", "")[:64] or ids.new_id()
    return services.start_case(
        definition=definition,
        answers=values["answers"],
        place=place,
        now=time_source.now(),
        by=actor,
        source=Case.Source.STATION if is_station else Case.Source.OFFICE,
        source_key=sending.key_of(f"{actor.person.public_id}:{key}", values["answers"]),
        transcription=values["sheet"],
    )


def _entered(request: HttpRequest, case: Case, values: dict[str, Any]) -> HttpResponse:
    link = format_html('<a href="{}">{}</a>', reverse("case", args=[case.public_id]), case.number)
    messages.success(request, format_html(_("已登记为 {}。"), link))
    if request.POST.get("then") != "next":
        request.session.pop(KEY, None)
        return redirect("case", case_id=case.public_id)
    sheet = dict(values["sheet"].get("transcription", {}))
    scans = Attachment.objects.filter(
        subject_kind="case", subject_id=case.pk, part__startswith="transcription:"
    )
    scanned = list(scans.order_by("pk").values_list("public_id", flat=True))
    sheet["proof"] = stage_copies(scanned, now=time_source.now(), of_case=case.pk)
    request.session[KEY] = {"case": case.public_id, "place": values["place"], "sheet": sheet}
    return redirect(f"{reverse('intake')}?next=1")


def _begun(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the form begins with: today's paper, or the sheet of the matter before."""
    came: dict[str, Any] = {"way": "paper", "on": time_source.today().isoformat()}
    kept = request.session.get(KEY) if request.GET.get("next") else None
    if kept is None:
        return {"place": "", "sheet": {"transcription": came}, "answers": {}}
    before = Case.objects.visible_to(actor).filter(public_id=kept["case"]).select_related("text").first()
    asker = (
        {name: before.text.sealed[name] for name in ("name", "phone") if name in before.text.sealed}
        if before
        else {}
    )
    sheet = {"transcription": {name: value for name, value in kept["sheet"].items() if value}}
    return {"place": kept["place"], "sheet": sheet, "answers": asker, "before": before}


def _page(
    request: HttpRequest,
    documents: dict[str, Any],
    places: list[Place],
    values: dict[str, Any],
    problems: dict[str, str] | None = None,
    sentence: str = "",
) -> HttpResponse:
    wrong = problems or {}
    views = [
        rendering.view(
            document,
            values=values[name],
            problems={one: wrong[one] for one in wrong if one in document.fields},
        )
        for name, document in documents.items()
    ]
    # Who follows the matter is chosen with the hand-over; here the place, and so its deputies, is not known yet.
    views = [
        replace(one, fields=tuple(field for field in one.fields if field.kind != "deputy")) for one in views
    ]
    form = rendering.joined(*views)
    if "place" in wrong:
        form = replace(form, problems={"place": wrong["place"], **form.problems})
    context = {
        "form": form,
        "places": _grouped(places),
        "chosen": values["place"],
        "before": values.get("before"),
        "sentence": sentence,
        "key": request.POST.get("key", "")[:64] or ids.new_id(),
    }
    return render(request, "web/intake.html", context, status=422 if wrong or sentence else 200)


def _places_of(actor: Actor) -> list[Place]:
    """
    Where the actor's office receives matters, in the order of the map.

    :raises NotYourAct: if it receives none
    """
    actor.require(ACT)
    found = Place.objects.visible_to(actor).where_may(actor, ACT).filter(level__in=Place.REPORTABLE)
    if found.count() > MOST_PLACES:
        found = found.exclude(level=Place.Level.GRID)
    return list(found.order_by("path").select_related("parent"))


def _grouped(places: list[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, its (id, name)) of a list to choose from: a village with its grids below it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in places:
        in_village = one.parent if one.level == Place.Level.GRID and one.parent else None
        head, name = (
            (in_village.full_name, in_village.name + one.name) if in_village else (one.full_name, one.name)
        )
        found.setdefault(head, []).append((one.public_id, name))
    return list(found.items())


@login_required
@never_cache
@require_POST
def slip(request: HttpRequest, case_id: str) -> HttpResponse:
    """回执: printed for the one who came or called; the record says who printed it."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), public_id=case_id)
    case = services.issue_slip(case=case, by=request.actor, now=time_source.now())
    link = codes.link(request, case)
    context = {"case": case, "code": codes.code_of(case), "link": link, "qr": codes.drawing_of(link)}
    context |= {"place": case.place, "station": directory.station_of(case.place), "is_slip": True}
    context["tells_by_telephone"] = notices.told_by_telephone({case.reporter_id})
    return render(request, "web/receipt.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """回执遗失: the matters of a telephone number; the number is sent, never kept in an address."""
    request.actor.require(ACT)
    phone = request.POST.get("phone", "").replace("\0", "").strip()[:30]
    seen = Case.objects.visible_to(request.actor).select_related("place", "definition")
    found = list(services.by_phone(phone, seen)[:SHOWN]) if phone else None
    rows = None if found is None else [(case, status_badge(case)) for case in found]
    context = {"phone": phone, "rows": rows, "missing": request.method == "POST" and not phone}
    return render(request, "web/lost.html", context, status=422 if context["missing"] else 200)
