"""A case on one page, its diagram, and the acts beside the tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import errors as case_errors
from huiyin.cases import present, runtime, services
from huiyin.cases.models import Assignment, Case, Clock, Contact, Pressure, Task
from huiyin.cases.present import routes
from huiyin.cases.present.badges import status_badge
from huiyin.cases.present.choices import choices_of
from huiyin.cases.searching import found_by
from huiyin.cases.services import marks
from huiyin.congress import drafting, selectors
from huiyin.congress import present as congress
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.files import services as files
from huiyin.files.media import MAX_SEALED_BYTES
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.notices import services as notices
from huiyin.supervision.key_cases import key_view
from huiyin.web import uploads
from huiyin.web.fields import day_in
from huiyin.web.kinds import kinds_of
from huiyin.web.pages import counter, key_cases
from huiyin.web.pages.transcribing import to_enter

PAGE = 30
#: The acts whose form says itself what was wrong.
SAID_BESIDE = frozenset({"withdraw", "urge", "reassign", "extend", "seal", "hearing"})


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Everything the actor may see, newest first."""
    found = Case.objects.visible_to(request.actor).select_related("place", "definition")
    kinds = kinds_of(found)
    query, shown = request.GET.get("q", "").strip(), request.GET.get("show", "all")
    kind = request.GET.get("kind", "")
    if kind in kinds:
        found = found.filter(kind=kind)
    if query:
        found = found_by(found, query)
    filters = {"open": Q(closed_at=None), "closed": Q(closed_at__isnull=False), "again": Q(round__gt=1)}
    if shown in filters:
        found = found.filter(filters[shown])
    page = Paginator(found.order_by("-received_at", "-id"), PAGE).get_page(request.GET.get("page"))
    rows = [(case, status_badge(case)) for case in page]
    names = [("all", _("全部")), ("open", _("办理中")), ("closed", _("已办结")), ("again", _("重新办理"))]
    context = {"rows": rows, "page": page, "query": query, "shown": shown, "filters": names}
    context |= {"kinds": kinds.items(), "kind": kind}
    kinds_to_draft = drafting.kinds_to_draft(request.actor, time_source.today())
    context["drafts"] = kinds_to_draft
    if kinds_to_draft:
        own = drafting.matters_for(request.actor).filter(pk__in=[case.pk for case in page])
        context["draftable"] = set(own.values_list("pk", flat=True))
    context["keyed"] = selectors.on_key_list(case.public_id for case in page)
    return render(request, "web/cases.html", context)


def find_case(request: HttpRequest, case_id: str) -> Case:
    seen = Case.objects.visible_to(request.actor).select_related(
        "place", "definition", "reporter", "deputy", "text", "merged_into"
    )
    return get_object_or_404(seen, public_id=case_id)


@login_required
@require_safe
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """The case page."""
    row = find_case(request, case_id)
    notices.mark_read(actor=request.actor, subject_kind="case", subject_id=row.pk, now=time_source.now())
    return show_case(request, row)


def show_case(
    request: HttpRequest,
    row: Case,
    visit: dict[str, Any] | None = None,
    refused: errors.Refusal | None = None,
    name: str = "",
) -> HttpResponse:
    """The page; `refused` says why the act `name` was not done, whose words are kept."""
    today, actor = time_source.today(), request.actor
    running = Clock.objects.visible_to(actor).filter(case=row, met_at=None, stopped_at=None)
    parts = Assignment.objects.visible_to(actor).filter(case=row, round=row.round)
    options = choices_of(row, today)
    may_visit = actor.may("case.visit") and services.takes_visits(row)
    context = {
        "case": present.case(row, actor),
        "clocks": present.clocks_of(row, today),
        "turns": present.waiting_on(row, today),
        "calls": present.calls_of(row),
        "mine": set(Task.objects.waiting_for(actor).filter(case=row).values_list("public_id", flat=True)),
        "entries": present.entries_of(row, actor, joined=True),
        "definition": row.definition,
        "diagrams": present.diagrams_of(row),
        "signing": congress.signing_of(row, actor, today),
        "linked": [(one, status_badge(one)) for one in congress.linked_to(row, actor)],
        "raised": drafting.raised(row, actor),
        "drafts": drafting.drafts_from(row, actor, today),
        "to_enter": to_enter(row, actor),
        **_offers(row, actor),
        "visit_form": _visit_form(row, visit, options) if visit or may_visit else None,
        "visit_refused": visit,
        "running_clocks": running.select_related("rule"),
        "assignments": parts.select_related("unit"),
        "units": options["units"],
        "key": key_view(row, actor),
        "on": request.POST.get("on", today.isoformat()),
        "sentence": refused.sentence if refused else "",
        "refused": name,
        "beside": name in SAID_BESIDE,
    }
    status = refused.status if refused else 422 if visit else 200
    return render(request, "web/case.html", context, status=status)


def _offers(row: Case, actor: Actor) -> dict[str, Any]:
    """The acts beside the tasks that the reader may do now."""
    is_open = row.closed_at is None
    is_mover = is_open and actor.person is not None and actor.person.pk == row.reporter_id
    return {
        "wish": routes.wish_of(row),
        "may_wish": routes.may_wish(row, actor),
        "may_show_code": congress.may_show_code(row, actor),
        "may_write_down": services.may_write_down(row, actor),
        "may_seal": services.may_seal(row, actor),
        "may_withdraw": is_mover and marks.awaits(row, "withdraw"),
        "recallable": services.recallable(row, actor),
        "may_urge": is_open and actor.may("case.urge", row.place),
        "may_reassign": is_open and actor.may("case.reassign", row.place),
        "may_extend": actor.may("clock.extend", row.place),
        "may_print_slip": not row.definition.starters and actor.may("case.transcribe", row.place),
        "counter": counter.offers(row, actor),
        "may_tell": row.asks_or_follows(actor.person) and row.reply_rows.exists(),
        "told": list(Pressure.objects.visible_to(actor).filter(case=row).select_related("by")),
    }


def _visit_form(row: Case, visit: dict[str, Any] | None, options: dict[str, Any]) -> rendering.FormView:
    document = runtime.of(row.definition_id).documents["visit"]
    return rendering.view(document, **(visit or {}), choices=options)


@login_required
@require_safe
def diagram(request: HttpRequest, definition_id: str, process: str = "") -> HttpResponse:
    """The BPMN text of a definition, or of a process that it calls, for the viewer."""
    row = get_object_or_404(Definition.objects.visible_to(request.actor), public_id=definition_id)
    source = bytes(row.diagram) if not process else row.called_diagrams.get(process)
    if source is None:
        raise Http404
    return HttpResponse(source, content_type="application/xml")


@login_required
@require_POST
def visit(request: HttpRequest, case_id: str) -> HttpResponse:
    """视察: what was seen on the spot; the page keeps the words if something is missing."""
    row, now = find_case(request, case_id), time_source.now()
    document = runtime.of(row.definition_id).documents.get("visit")
    if document is None:
        raise Http404
    posted, problems = uploads.posted_with_files(request, document, now)
    values = forms.read(document, posted)
    if not problems:
        try:
            services.add_visit(case=row, answers=values, by=request.actor, now=now)
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except errors.Refusal as refusal:
            return show_case(request, find_case(request, case_id), {"values": values}, refused=refusal)
        else:
            messages.success(request, _("视察记录已登记。"))
            return redirect("case", case_id=case_id)
    return show_case(request, row, {"values": values, "problems": problems})


@login_required
@require_POST
def act(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Urge, re-assign, extend, recall, keep the key list and so on; a refusal's sentence is shown, with the words kept."""
    row = find_case(request, case_id)
    if name not in _ACTS:
        raise Http404
    try:
        done = _ACTS[name](request, row)
    except errors.Refusal as refusal:
        return show_case(request, find_case(request, case_id), refused=refusal, name=name)
    messages.success(request, done)
    if request.POST.get("back") == "tasks":
        return redirect("tasks")
    task_id = request.POST.get("task", "")
    if task_id and Task.objects.visible_to(request.actor).filter(case=row, public_id=task_id).exists():
        return redirect("task", task_id=task_id)
    return redirect("case", case_id=case_id)


def _urge(request: HttpRequest, row: Case) -> str:
    words = request.POST.get("words", "")
    services.urge_case(case=row, words=words, by=request.actor, now=time_source.now())
    return _("已催办。")


def _reassign(request: HttpRequest, row: Case) -> str:
    seen = Assignment.objects.visible_to(request.actor).filter(case=row)
    part = seen.filter(public_id=request.POST.get("assignment", "")).first()
    if part is None:
        # A unit that was only proposed may have given way since the page was opened.
        raise case_errors.PartDone
    services.reassign(
        assignment=part,
        unit_id=request.POST.get("unit", ""),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        now=time_source.now(),
    )
    return _("承办单位已调整。")


def _extend(request: HttpRequest, row: Case) -> str:
    seen = Clock.objects.visible_to(request.actor).filter(case=row)
    clock = get_object_or_404(seen, public_id=request.POST.get("clock", ""))
    services.extend_clock(
        clock=clock,
        to=day_in(request.POST.get("to", "")),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        now=time_source.now(),
    )
    return _("期限已延长。")


def _contact(request: HttpRequest, row: Case) -> str:
    contacts = Contact.objects.visible_to(request.actor).filter(case=row)
    contact = get_object_or_404(contacts, public_id=request.POST.get("contact", ""))
    happened = request.POST.get("happened") == "yes"
    services.confirm_contact(contact=contact, happened=happened, by=request.actor, now=time_source.now())
    return _("已记录，谢谢您。")


def _pressure(request: HttpRequest, row: Case) -> str:
    words = request.POST.get("words", "")[:2000]
    services.tell_pressure(case=row, words=words, by=request.actor, now=time_source.now())
    return _("已告知人大，承办单位看不到。您的评价由您自己决定。")


def _seal(request: HttpRequest, row: Case) -> str:
    upload, now = request.FILES.get("sealed"), time_source.now()
    if upload is None:
        raise errors.Invalid(_("请选择盖章件的 PDF 文件。"))
    staged = files.stage(kind="sealed", raw=upload.read(MAX_SEALED_BYTES + 1), now=now)
    services.seal_reply(case=row, upload=staged.public_id, by=request.actor, now=now)
    return _("盖章件已上传，作为答复的正式文本。")


def _recall(request: HttpRequest, row: Case) -> str:
    seen = Task.objects.visible_to(request.actor).filter(case=row)
    task = get_object_or_404(seen, public_id=request.POST.get("task", ""))
    services.recall_task(task=task, by=request.actor, now=time_source.now())
    return _("已收回，填写的内容还在，改好后重新提交。")


def _route(request: HttpRequest, row: Case) -> str:
    route = request.POST.get("route", "")
    services.wish_route(case=row, route=route, by=request.actor, now=time_source.now())
    return _("已告知人大，交办前可以随时更改。")


_ACTS = {
    "route": _route,
    "seal": _seal,
    "urge": _urge,
    "reassign": _reassign,
    "extend": _extend,
    "contact": _contact,
    "pressure": _pressure,
    "recall": _recall,
    **counter.ACTS,
    **key_cases.ACTS,
}
