"""A deputy moves a matter in the own congress, and citizens propose projects while they are collected."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import runtime, services
from huiyin.cases.models import Case, Task, Unsent
from huiyin.cases.present.badges import status_badge
from huiyin.congress import drafting
from huiyin.congress import present as congress
from huiyin.congress import services as congress_services
from huiyin.congress.models import Collection
from huiyin.congress.selectors import congresses_to_start_in, open_collection
from huiyin.core import errors, ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import PUBLIC
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.web import codes, prefill, sending, uploads
from huiyin.web.pages.beside import said_kept

#: The kind that citizens propose themselves, and only while it is collected.
COLLECTED = "livelihood"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of the start event, begun from citizens' matters or empty; after it, the draft waits for signatures."""
    today, now, actor = time_source.today(), time_source.now(), request.actor
    definition = _definition(request, kind)
    places = congresses_to_start_in(actor, definition, today)
    if not places:
        raise Http404
    place = next((one for one in places if one.public_id == request.POST.get("place")), places[0])
    document, key = runtime.of(definition.pk).first_form, request.POST.get("key", "")[:64] or ids.new_id()
    unsent = _unsent(request, definition)
    matters = _matters(request, definition, unsent)
    values = prefill.from_matters(matters) if unsent is None else unsent.words["answers"]
    if unsent is not None:
        place = next((one for one in places if one.public_id == unsent.words["place"]), place)
    problems: dict[str, str] = {}
    sentence = ""
    if request.method == "POST":
        posted, problems = uploads.posted_with_files(request, document, now)
        values = forms.read(document, posted)
        try:
            case = None if problems else congress_services.draft_suggestion(
                definition=definition, matters=matters, answers=values, place=place, by=actor, now=now,
                source_key=sending.key_of(f"{actor.person.public_id}:{key}", values),
            )  # fmt: skip
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except (errors.Conflict, errors.Invalid) as refusal:
            sentence = refusal.sentence
        else:
            if case is not None:
                services.drop_begun(process=kind, by=actor)
                return _started(request, case)
            problems = {**sending.problems_of(document, values), **problems}
    shown = {"key": key, "places": places, "place": place, "sentence": sentence, "unsent": unsent}
    status = 422 if problems or sentence else 200
    return _page(request, definition, values, matters, shown, problems, status)


def _page(
    request: HttpRequest,
    definition: Definition,
    values: dict[str, Any],
    matters: list[Case],
    shown: dict[str, Any],
    problems: dict[str, str],
    status: int,
) -> HttpResponse:
    options = congress.choices_at(shown["place"], request.actor.person, time_source.today())
    document = runtime.of(definition.pk).first_form
    form = rendering.view(document, values=values, problems=problems, choices=options)
    context = {
        "form": form,
        "kind": definition.process,
        "kept": _version(request, definition.process),
        **shown,
    }
    context["matters"] = [(row, status_badge(row)) for row in matters]
    return render(request, "web/start.html", context, status=status)


@login_required
@require_POST
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """暂存: keep what is typed before there is a case, or throw it away."""
    definition, now = _definition(request, kind), time_source.now()
    places = congresses_to_start_in(request.actor, definition, time_source.today())
    if not places:
        raise Http404
    if request.POST.get("act") == "drop":
        services.drop_begun(process=kind, by=request.actor)
        messages.success(request, _("暂存的内容已清除。"))
        return redirect("start", kind=kind)
    about = {"place": request.POST.get("place", ""), "from": request.POST.getlist("from")}
    values, seen = forms.read(runtime.of(definition.pk).first_form, request.POST), request.POST.get("kept")
    try:
        kept = services.keep_begun(
            definition=definition, answers=values, about=about, by=request.actor, now=now, seen=seen
        )
    except errors.Conflict as refusal:
        if request.htmx:
            return HttpResponse(refusal.sentence)
        place = next((one for one in places if one.public_id == about["place"]), places[0])
        shown = {"key": ids.new_id(), "places": places, "place": place, "sentence": refusal.sentence}
        return _page(
            request, definition, values, _matters(request, definition, None), shown, {}, refusal.status
        )
    if request.htmx:
        return said_kept(request, kept, "start-form")
    messages.success(request, _("已暂存，下次打开时接着填。照片不随暂存保存。"))
    return redirect("start", kind=kind)


def _definition(request: HttpRequest, kind: str) -> Definition:
    seen = Definition.objects.visible_to(request.actor)
    return get_object_or_404(seen.newest(request.actor.person.jurisdiction, kind)[:1])


def _unsent(request: HttpRequest, definition: Definition) -> Unsent | None:
    """What the person had begun and not sent; not where other matters are named to draft from."""
    if request.method == "POST" or "from" in request.GET:
        return None
    return Unsent.objects.visible_to(request.actor).filter(task=None, form=definition.process).first()


def _matters(request: HttpRequest, definition: Definition, unsent: Unsent | None) -> list[Case]:
    """The citizens' matters from which is drafted, as the address, the form or what was kept names them, oldest first."""
    named = request.POST if request.method == "POST" else request.GET
    if not drafting.takes_sources(definition):
        return []
    wanted = named.getlist("from") if unsent is None else unsent.words["from"]
    seen = drafting.matters_for(request.actor).filter(public_id__in=wanted)
    return list(seen.select_related("place", "text", "definition").order_by("received_at", "pk"))


def _version(request: HttpRequest, kind: str) -> str:
    """The version of what is kept, that the window has before it or replaces."""
    known = Unsent.objects.visible_to(request.actor).filter(task=None, form=kind).first()
    return known.version if known else ""


def _started(request: HttpRequest, case: Case) -> HttpResponse:
    messages.success(
        request, _("已保存为草稿 %(number)s。附议人数够了就可以提交。") % {"number": case.number}
    )
    task = Task.objects.waiting_for(request.actor).filter(case=case).first()
    return redirect("task", task_id=task.public_id) if task else redirect("case", case_id=case.public_id)


def _collections() -> QuerySet[Collection]:
    """What citizens may find; a town in which something is tried is no place to propose in."""
    return Collection.objects.visible_to(PUBLIC).filter(kind=COLLECTED, jurisdiction__is_trial=False)


@require_http_methods(["GET", "HEAD"])
def collections(request: HttpRequest) -> HttpResponse:
    """The collections that are open; where there is one, its form; where there is none, when the next or last one is."""
    today = time_source.today()
    known = _collections().select_related("place")
    running = list(known.filter(opens_on__lte=today, closes_on__gte=today))
    if len(running) == 1:
        return redirect("propose", collection_id=running[0].public_id)
    context = {
        "running": running,
        "coming": known.filter(opens_on__gt=today).order_by("opens_on").first(),
        "last": known.filter(closes_on__lt=today).order_by("-closes_on").first(),
    }
    return render(request, "web/collections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, collection_id: str) -> HttpResponse:
    """Propose a project; the receipt follows, as for any matter that a citizen reports."""
    today, now = time_source.today(), time_source.now()
    seen = _collections().select_related("place", "jurisdiction")
    collection = get_object_or_404(seen, public_id=collection_id)
    running = open_collection(COLLECTED, collection.place, today) is not None
    if not running and request.method != "POST":
        return redirect("collections")
    newest = Definition.objects.visible_to(PUBLIC).newest(collection.jurisdiction, COLLECTED)
    definition = get_object_or_404(newest[:1])
    document, key = runtime.of(definition.pk).first_form, request.POST.get("key", "")[:64] or ids.new_id()
    values: dict[str, object] = {}
    problems: dict[str, str] = {}
    # Who was still writing when the collection closed reads why, and takes the words along.
    status = 200 if running else 409
    sentence = "" if running else _("这次征集已经结束，没有提交。您写的内容保留在下面。")
    if request.method == "POST":
        posted, problems = uploads.posted_with_files(request, document, now)
        values = forms.read(document, posted)
        problems = {**sending.problems_of(document, values), **problems} if running else {}
        if running and not problems:
            try:
                return _proposed(request, definition, collection, values, key)
            except (errors.Conflict, errors.Invalid) as refusal:
                sentence, status = refusal.sentence, refusal.status
    form = rendering.view(document, values=values, problems=problems)
    context = {"form": form, "key": key, "collection": collection, "running": running, "sentence": sentence}
    return render(request, "web/propose.html", context, status=422 if problems else status)


def _proposed(
    request: HttpRequest,
    definition: Definition,
    collection: Collection,
    values: dict[str, object],
    key: str,
) -> HttpResponse:
    case = services.start_case(
        definition=definition,
        answers=values,
        place=collection.place,
        now=time_source.now(),
        source_key=sending.key_of(key, values),
    )
    codes.remember(request, case)
    return redirect("receipt", case_id=case.public_id)
