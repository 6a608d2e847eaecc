"""附议: what an invited deputy and the mover do on the page of a matter."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.cases import services as cases
from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.core import errors, time_source
from huiyin.web.pages.cases import find_case, show_case


@login_required
@require_POST
def sign(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Sign the text that was shown, decline, take back, agree to the withdrawal, or withdraw the whole matter."""
    case = get_object_or_404(Case.objects.visible_to(request.actor), public_id=case_id)
    who = {"case": case, "by": request.actor, "now": time_source.now()}
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "sign": (lambda: services.sign(seen_hash=request.POST.get("text", ""), **who), _("已附议。")),
        "decline": (lambda: services.decline(**who), _("已回复不附议。")),
        "take-back": (lambda: services.withdraw_signature(**who), _("附议已撤回。")),
        "agree": (lambda: services.agree_to_withdraw(**who), _("已同意撤回。")),
        "withdraw": (
            lambda: cases.withdraw_case(reason=request.POST.get("reason", ""), **who),
            _("已撤回。"),
        ),
    }
    if name not in acts:
        raise Http404
    do, done = acts[name]
    try:
        do()
    except errors.Invalid as refusal:
        return show_case(request, find_case(request, case_id), refused=refusal, name=name)
    except errors.Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    # Who declines or takes the signature back does not see the matter any more.
    sees = Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()
    return redirect("case", case_id=case_id) if sees else redirect("tasks")
