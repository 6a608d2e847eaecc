"""重点督办: the list, and what is entered about a key matter on its case's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case
from huiyin.congress import errors as congress
from huiyin.congress import services
from huiyin.congress.models import KeyCase
from huiyin.core import time_source
from huiyin.supervision import key_cases as reads
from huiyin.web.fields import day_in

PAGE = 30


@login_required
@require_safe
def key_cases(request: HttpRequest) -> HttpResponse:
    """The key matters that the actor may see: what is being overseen, what was reported, all."""
    shown = request.GET.get("show", "open")
    found = reads.in_state(KeyCase.objects.visible_to(request.actor), shown)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": reads.rows_of(page, request.actor, time_source.today()),
        "page": page,
        "shown": shown if shown in reads.STATES else "all",
        "filters": [("open", _("在督")), ("reported", _("已报告")), ("all", _("全部"))],
        "may_list": request.actor.may("case.list_key"),
    }
    return render(request, "web/key_cases.html", context)


def _standing(request: HttpRequest, case: Case) -> KeyCase:
    """
    The case's row on the list.

    :raises TakenOffTheList: if it was taken off since the page was opened
    """
    row = KeyCase.objects.visible_to(request.actor).standing().filter(case=case).first()
    if row is None:
        raise congress.TakenOffTheList
    return row


def _list(request: HttpRequest, case: Case) -> str:
    posted = request.POST
    services.list_key_case(
        case=case,
        decision=posted.get("decision", ""),
        leader=posted.get("leader", ""),
        committee=posted.get("committee", ""),
        on=day_in(posted.get("on", "")),
        by=request.actor,
        now=time_source.now(),
    )
    return _("已列为重点督办。")


def _plan(request: HttpRequest, case: Case) -> str:
    services.plan_key_case(
        key_case=_standing(request, case),
        plan=request.POST.get("plan", ""),
        on=day_in(request.POST.get("on", "")),
        by=request.actor,
        now=time_source.now(),
    )
    return _("督办方案已登记。")


def _report(request: HttpRequest, case: Case) -> str:
    services.report_key_case(
        key_case=_standing(request, case),
        report=request.POST.get("report", ""),
        on=day_in(request.POST.get("on", "")),
        by=request.actor,
        now=time_source.now(),
    )
    return _("督办报告已登记。")


def _delist(request: HttpRequest, case: Case) -> str:
    services.delist_key_case(
        key_case=_standing(request, case),
        reason=request.POST.get("reason", ""),
        on=day_in(request.POST.get("on", "")),
        by=request.actor,
        now=time_source.now(),
    )
    return _("已移出重点督办。")


#: What the page of a case does for the key list, by the last part of its address.
ACTS: Mapping[str, Callable[[HttpRequest, Case], str]] = {
    "key-list": _list,
    "key-plan": _plan,
    "key-report": _report,
    "key-delist": _delist,
}
