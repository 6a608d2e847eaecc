"""待电话告知: whom the station calls, because they have no account and left a telephone."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import present, services
from huiyin.cases.models import Case
from huiyin.cases.services import informing
from huiyin.core import errors, time_source
from huiyin.notices.models import Notice

PAGE = 30


@login_required
@never_cache
@require_safe
def to_call(request: HttpRequest) -> HttpResponse:
    """Each person once a matter, with what to say, the longest waiting first."""
    return _page(request)


def _page(request: HttpRequest, sentence: str = "", status: int = 200) -> HttpResponse:
    request.actor.require(informing.ACT)
    now = time_source.now()
    found = services.to_call(Case.objects.visible_to(request.actor), request.actor, now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"rows": present.call_rows(page, now), "page": page, "sentence": sentence}
    return render(request, "web/to_call.html", context, status=status)


@login_required
@never_cache
@require_POST
def called(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Record how a call ended."""
    request.actor.require(informing.ACT)
    notice = get_object_or_404(Notice.objects.filter(subject_kind="case"), public_id=notice_id)
    case = get_object_or_404(Case.objects.visible_to(request.actor), pk=notice.subject_id)
    outcome = request.POST.get("outcome", "")
    try:
        services.record_call(
            notice=notice,
            outcome=outcome,
            seen=request.POST.get("seen", ""),
            by=request.actor,
            now=time_source.now(),
        )
    except (errors.Conflict, errors.Invalid) as refusal:
        return _page(request, refusal.sentence, refusal.status)
    said = {
        Notice.State.TOLD: _("%(number)s：已记录“已告知”。"),
        Notice.State.WAITING: _("%(number)s：已记录“未接通”，仍在清单中。"),
        Notice.State.UNREACHABLE: _("%(number)s：已记录“无法联系”，不再列入清单。"),
    }[Notice.State(outcome)]
    messages.success(request, said % {"number": case.number})
    return redirect("to_call")
