"""现场附议: the mover shows a code, deputies scan it, read the text and sign it; the code is bound to the text and to the day."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing as signed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases import texts
from huiyin.cases.models import Case
from huiyin.congress import errors as congress_errors
from huiyin.congress import present as congress
from huiyin.congress import selectors, services, signing
from huiyin.core import errors, time_source
from huiyin.web import codes
from huiyin.web.refreshing import look_again

SALT = "huiyin.join"
#: A picture of the code that was passed on is worth nothing tomorrow.
LASTS = timedelta(hours=12)
#: how many signs of the text's hash stand in the code: enough to notice a change, the code itself is signed
HASH = 16


@login_required
@never_cache
@require_safe
def join_code(request: HttpRequest, case_id: str) -> HttpResponse:
    """The code, in large, with how many have signed so far; for the mover alone."""
    seen = Case.objects.visible_to(request.actor).select_related("place", "definition", "reporter")
    case = get_object_or_404(seen, public_id=case_id)
    if not congress.may_show_code(case, request.actor):
        raise Http404
    token = signed.dumps([case.public_id, texts.text_hash(case)[:HASH]], salt=SALT)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    have, need = selectors.proposers(case, time_source.today())
    context = {
        "case": case,
        "qr": codes.drawing_of(link, fills=True),
        "link": link,
        "have": have,
        "need": need,
    }
    context["signing"] = congress.signing_of(case, request.actor, time_source.today())
    answer = render(request, "web/join_code.html", context)
    return look_again(answer, request, seconds=5)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The text for a deputy who scanned the code, and the button that signs it."""
    case, short = _read(token)
    now, sentence, status = time_source.now(), "", 200
    try:
        signing.check_deputy(case, request.actor.person, now)
        if short != texts.text_hash(case)[:HASH]:
            raise congress_errors.TextChanged
        if request.method == "POST":
            services.join(case=case, by=request.actor, now=now, seen_hash=request.POST.get("text", ""))
            messages.success(request, _("已附议。"))
            return redirect("case", case_id=case.public_id)
        signing.check_open(case)
    except congress_errors.SignedAlready:
        return redirect("case", case_id=case.public_id)
    except errors.Refusal as refusal:
        sentence, status = refusal.sentence, refusal.status
    context = {"case": case, "sentence": sentence, "text_hash": texts.text_hash(case)}
    context |= {"asks": case.asks.order_by("number"), "is_mover": request.actor.person == case.reporter}
    return render(request, "web/join.html", context, status=status)


def _read(token: str) -> tuple[Case, str]:
    """
    The matter of a code, and the first signs of the hash of the text for which it was made.

    :raises Http404: if the code is older than it lasts, or was not made here
    """
    try:
        public_id, short = signed.loads(token, salt=SALT, max_age=LASTS)
    except (signed.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    found = Case.objects.select_related("place", "definition", "reporter", "text")
    return get_object_or_404(found, public_id=public_id), short
