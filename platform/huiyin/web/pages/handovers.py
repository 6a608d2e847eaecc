"""交办清单: what was handed over on a day, its papers, and taking it back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases import services
from huiyin.cases.models import Task
from huiyin.congress import handing_over
from huiyin.core import time_source
from huiyin.directory.models import Unit
from huiyin.web import handover_papers
from huiyin.web.downloads import download

ACT = "case.reassign"


@login_required
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """The days on which was handed over."""
    request.actor.require(ACT)
    return render(request, "web/handovers.html", {"days": handing_over.days(request.actor)})


def _handed_over(request: HttpRequest, on: str) -> tuple[date, list[handing_over.Row]]:
    """The day that an address names, and what was handed over on it."""
    request.actor.require(ACT)
    try:
        day = date.fromisoformat(on)
    except ValueError as error:
        raise Http404 from error
    return day, handing_over.rows_of(request.actor, day)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, on: str) -> HttpResponse:
    """The list of a day; the chosen matters are taken back until the next person has acted."""
    (day, rows), status = _handed_over(request, on), 200
    if request.method == "POST":
        chosen = request.POST.getlist("task")
        if one := request.POST.get("recall", ""):
            chosen = [one]
        seen = Task.objects.visible_to(request.actor).filter(public_id__in=chosen).select_related("case")
        outcome = services.recall_each(tasks=list(seen), by=request.actor, now=time_source.now())
        back = [task for task, refusal in outcome if refusal is None]
        if back:
            messages.success(request, _("已收回 %(n)s 件，可以重新交办。") % {"n": len(back)})
        for task, refusal in outcome:
            if refusal is not None:
                messages.error(request, f"{task.case.number}：{refusal.sentence}")
        if len(back) == len(outcome) and outcome:
            return redirect("handover", on=on)
        if not outcome:
            messages.error(request, _("请先勾选要收回的事项。"))
        status = 409 if outcome else 422
        day, rows = _handed_over(request, on)
    context = {
        "on": day,
        "rows": rows,
        "receivers": handing_over.receivers(rows),
        "recallable": sum(row.recallable for row in rows),
        "all_chosen": request.GET.get("all") == "1",
    }
    return render(request, "web/handover.html", context, status=status)


@login_required
@require_safe
def handover_list(request: HttpRequest, on: str, kind: str) -> FileResponse:
    """The list of a day as a workbook or a document."""
    day, rows = _handed_over(request, on)
    if not rows or kind not in ("xlsx", "docx"):
        raise Http404
    raw = handover_papers.workbook(rows, day) if kind == "xlsx" else handover_papers.document(rows, day)
    return download(raw, f"交办清单{on}.{kind}")


@login_required
@require_safe
def handover_notice(request: HttpRequest, on: str, unit_id: str) -> FileResponse:
    """The notice to one of the units that receive what was handed over on a day."""
    day, rows = _handed_over(request, on)
    unit = next((one for one, _n in handing_over.receivers(rows) if one.public_id == unit_id), None)
    if unit is None:
        raise Http404
    raw = handover_papers.notice(unit, rows, day, _office(request))
    return download(raw, f"交办通知（{unit.name}）{on}.docx")


def _office(request: HttpRequest) -> str:
    """The office in whose name the actor writes."""
    held = [post.unit_id for post in request.actor.held if post.unit_id and post.on_behalf_of is None]
    names = Unit.objects.filter(pk__in=held[:1]).values_list("name", flat=True)
    return next(iter(names), "")
