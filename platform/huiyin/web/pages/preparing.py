"""票决的筹备: the congress office draws a ballot up from the projects that wait for the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases.models import Case
from huiyin.congress import selectors, services
from huiyin.congress.models import Ballot, Session
from huiyin.core import errors, time_source
from huiyin.supervision import ballots as reads
from huiyin.web.fields import Posted

ACT = "congress.ballot"
#: how many sessions are offered, the newest first
OFFERED = 6


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare_ballot(request: HttpRequest) -> HttpResponse:
    """
    Choose a session, a title, a method, places and candidates; a draft follows, which is opened on its own page.

    :raises NotYourAct: without the right anywhere
    """
    request.actor.require(ACT)
    meetings = Session.objects.visible_to(request.actor).where_may(request.actor, ACT).exclude(number=None)
    offered = list(meetings.select_related("place").order_by("-opens_on", "-id")[:OFFERED])
    wanted = request.POST.get("session") or request.GET.get("session")
    session = next((one for one in offered if one.public_id == wanted), offered[0] if offered else None)
    if session is None:
        return render(request, "web/prepare_ballot.html", {"offered": offered})
    candidates = selectors.waiting_for_a_ballot(request.actor, session.place, time_source.today())
    if request.method != "POST":
        return _page(request, offered, session, candidates)
    posted, chosen = Posted(request.POST.dict()), set(request.POST.getlist("cases"))
    cases = [one for one in candidates if one.public_id in chosen]
    ballot = None
    try:
        ballot = _prepare(request, session, cases, posted)
    except errors.Refusal as refusal:
        posted.problems[""] = refusal.sentence
    if ballot is None:
        return _page(request, offered, session, candidates, posted, chosen)
    messages.success(request, _("票决已拟定，还没有开始投票。请核对后开始投票。"))
    return redirect("ballot", ballot_id=ballot.public_id)


def _prepare(request: HttpRequest, session: Session, cases: Sequence[Case], posted: Posted) -> Ballot | None:
    """Draw the ballot up if its fields can be read."""
    title, places = posted.title("title"), posted.number("places")
    method = posted.words.get("method", "")
    if method not in Ballot.Method.values:
        posted.problems["method"] = _("请选择投票方式。")
    if not cases:
        posted.problems["cases"] = _("请至少选择一个候选项目。")
    elif places > len(cases):
        posted.problems["places"] = _("应选项目不能多于候选项目（%(n)s 个）。") % {"n": len(cases)}
    if posted.problems:
        return None
    return services.prepare_ballot(
        session=session,
        title=title,
        method=method,
        places=places,
        cases=cases,
        by=request.actor,
        now=time_source.now(),
    )


def _page(
    request: HttpRequest,
    offered: Sequence[Session],
    session: Session,
    candidates: Sequence[Case],
    posted: Posted | None = None,
    chosen: set[str] | None = None,
) -> HttpResponse:
    """The form; before anything was sent, with every candidate marked."""
    costs: Mapping[int, str] = reads.costs_of([one.pk for one in candidates])
    title = _("%(session)s民生实事项目票决") % {"session": session.name}
    words = {"title": title, "method": Ballot.Method.APPROVAL.value}
    context = {
        "offered": offered,
        "session": session,
        "candidates": [
            (one, costs.get(one.pk, ""), chosen is None or one.public_id in chosen) for one in candidates
        ],
        "posted": posted or Posted(words),
        "methods": [
            (Ballot.Method.APPROVAL.value, _("赞成票：至多选几个，不分先后")),
            (Ballot.Method.RANKED.value, _("排序票：排出先后，第 1 位最优先")),
        ],
        "deputies": selectors.deputies_of_congress(session.place, time_source.today()).count(),
    }
    return render(request, "web/prepare_ballot.html", context, status=422 if posted else 200)


@login_required
@require_POST
def discard_ballot(request: HttpRequest, ballot_id: str) -> HttpResponse:
    """Take a draft back; its projects may stand in another ballot."""
    row = get_object_or_404(Ballot.objects.visible_to(request.actor), public_id=ballot_id)
    try:
        services.discard_ballot(ballot=row, by=request.actor, now=time_source.now())
    except errors.Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("ballot", ballot_id=ballot_id)
    messages.success(request, _("已撤销。这些项目可以列入另一次票决。"))
    return redirect("ballots")
