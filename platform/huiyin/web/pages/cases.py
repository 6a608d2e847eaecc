"""A case on one page, its diagram, and the acts beside the tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import present, runtime, services
from huiyin.cases.models import Assignment, Case, Clock, Pressure, Task
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
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.notices import services as notices
from huiyin.supervision.key_cases import key_view
from huiyin.web import paging, uploads
from huiyin.web.kinds import kinds_of
from huiyin.web.pages import counter
from huiyin.web.pages.transcribing import to_enter

PAGE = 30
#: The acts whose form says itself what was wrong.
SAID_BESIDE = frozenset({"withdraw", "urge", "reassign", "extend", "seal", "hearing"})


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Everything the actor may see, newest first."""
    seen = found = Case.objects.visible_to(request.actor)
    kinds = kinds_of(seen)
    query, shown = request.GET.get("q", "").strip(), request.GET.get("show", "all")
    kind = request.GET.get("kind", "")
    if kind in kinds:
        found = found.filter(kind=kind)
    if query:
        found = found_by(found, query)
    filters = {"open": Q(closed_at=None), "closed": Q(closed_at__isnull=False), "again": Q(round__gt=1)}
    if shown in filters:
        found = found.filter(filters[shown])
    ordered, rows = found.order_by("-received_at", "-id"), seen.prefetch_related("place")
    page, most = paging.newest(request, ordered, rows, PAGE)
    names = [("all", _("全部")), ("open", _("办理中")), ("closed", _("已办结")), ("again", _("重新办理"))]
    context = {"rows": [(case, status_badge(case)) for case in page], "page": page, "most": most}
    context |= {"query": query, "shown": shown, "filters": names}
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
        "units": options["units"],
        **_chosen_from(row, actor),
        "key": key_view(row, actor),
        "on": request.POST.get("on", today.isoformat()),
        "sentence": refused.sentence if refused else "",
        "refused": name,
        "beside": name in SAID_BESIDE,
    }
    status = refused.status if refused else 422 if visit else 200
    return render(request, "web/case.html", context, status=status)


def _chosen_from(row: Case, actor: Actor) -> dict[str, Any]:
    """What the acts of an office are about: a deadline to extend, a part to give to another unit."""
    running = Clock.objects.visible_to(actor).filter(case=row, met_at=None, stopped_at=None)
    parts = Assignment.objects.visible_to(actor).filter(case=row, round=row.round)
    return {"running_clocks": running.select_related("rule"), "assignments": parts.select_related("unit")}


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
