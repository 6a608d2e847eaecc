"""The congress office publishes what was asked and answered: reviewed, without names."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases.models import Case, Reply
from huiyin.cases.services.hearing import clips_of
from huiyin.core import errors, time_source
from huiyin.opinion import masking, services
from huiyin.opinion.errors import PublicationMoved
from huiyin.opinion.models import Publication

ACT = "answer.publish"
FIELDS = ("title", "words", "answer")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, case_id: str) -> HttpResponse:
    """The texts beside each other, masked where a number or a known name stands, to be read and corrected."""
    case = _find(request, case_id)
    if request.method != "POST":
        try:
            services.check_publishable(case)
        except errors.Conflict as refusal:
            return _page(request, case, {}, refusal)
        return _page(request, case, _prefilled(case))
    values = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        row = services.publish_case(
            case=case, by=request.actor, now=time_source.now(), seen=request.POST.get("seen", ""), **values
        )
    except (errors.Conflict, errors.Invalid) as refusal:
        return _page(request, case, values, refusal)
    messages.success(request, _("已公开。"))
    return redirect("answer", publication_id=row.public_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take it out of the public list."""
    case = _find(request, case_id)
    row = get_object_or_404(Publication.objects.standing(), case=case)
    reason = request.POST.get("reason", "")
    try:
        services.withdraw_publication(publication=row, reason=reason, by=request.actor, now=time_source.now())
    except (errors.Conflict, errors.Invalid) as refusal:
        return _page(request, case, _prefilled(case), refusal, field="reason")
    messages.success(request, _("已撤下。"))
    return redirect("publish", case_id=case_id)


def _find(request: HttpRequest, case_id: str) -> Case:
    seen = Case.objects.visible_to(request.actor).select_related("place", "text", "reporter")
    case = get_object_or_404(seen, public_id=case_id)
    request.actor.require(ACT, case.place)
    return case


def _prefilled(case: Case) -> dict[str, str]:
    """What stands, else the matter's own words masked; a reply that came since is offered as the answer."""
    row = Publication.objects.standing().filter(case=case).first()
    names = services.known_names(case)
    reply = case.reply_rows.order_by("-round").first()
    answer = masking.mask(_answered(reply), names, landlines=False) if reply else ""
    if row is not None:
        # What stands was written of an earlier reply: its words must not stand under the new one's result.
        is_newer = reply is not None and reply.at > (row.revised_at or row.published_at)
        return {
            "title": row.title,
            "words": row.words,
            "answer": answer if is_newer else row.answer or answer,
        }
    return {
        "title": masking.mask(case.title, names),
        "words": masking.mask(_asked(case), names),
        "answer": answer,
    }


def _asked(case: Case) -> str:
    """The matter's words, else what was heard in its clip, and its numbered asks."""
    heard = case.hearing_rows.last()
    words = case.text.words or (heard.text if heard else "")
    return "\n".join([words, *(f"{ask.number}. {ask.text}" for ask in case.asks.all())]).strip()


def _answered(reply: Reply) -> str:
    """What a reply answers, ask by ask, and what it says of the whole."""
    draft = reply.draft
    points = list(draft.answers.select_related("ask")) if draft else []
    if draft is None or not points:
        return reply.text
    return "\n".join([*(f"{point.ask.number}. {point.text}" for point in points), draft.text]).strip()


def _page(
    request: HttpRequest,
    case: Case,
    values: dict[str, str],
    refusal: errors.Refusal | None = None,
    field: str = "",
) -> HttpResponse:
    row = Publication.objects.standing().filter(case=case).first()
    version = row.version if row else ""
    # What the words were written against stays the same until the person has been told that something else stands now.
    is_kept = "seen" in request.POST and not isinstance(refusal, PublicationMoved)
    context = {
        "case": case,
        "values": values,
        "row": row,
        "seen": request.POST["seen"] if is_kept else version,
        "refusal": refusal.sentence if refusal else "",
        "field": field or (refusal.facts.get("field", "") if refusal else ""),
        "heard": case.hearing_rows.select_related("by").last(),
        "has_reply": case.reply_rows.exists(),
        "voices": clips_of(case),
    }
    # A page that only says why nothing can be published has refused nothing: nothing was sent.
    refused = refusal is not None and request.method == "POST"
    return render(request, "web/publish.html", context, status=refusal.status if refusal and refused else 200)
