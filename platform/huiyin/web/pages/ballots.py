"""
票决: the list, the ballot paper, what the congress office does, and the public result.

A choice travels in the page alone: nothing of it is kept in a session, and the receipt is shown in the answer to the cast.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.congress import selectors, services
from huiyin.congress.models import Ballot, BallotCandidate, RollEntry
from huiyin.core import errors, time_source
from huiyin.supervision import ballots as reads
from huiyin.web.numbers import number_in

PAGE = 30


@login_required
@require_safe
def ballots(request: HttpRequest) -> HttpResponse:
    """The ballots that the actor may see: state, and how many of the roll have voted."""
    found = reads.with_turnout(Ballot.objects.visible_to(request.actor)).select_related("session__place")
    page = Paginator(found.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    mine = RollEntry.objects.filter(ballot__in=page.object_list, person=request.actor.person)
    voted = dict(mine.values_list("ballot_id", "voted"))
    rows = [(row, voted.get(row.pk)) for row in page]
    return render(request, "web/ballots.html", {"rows": rows, "page": page})


def _find(request: HttpRequest, ballot_id: str) -> Ballot:
    seen = reads.with_turnout(Ballot.objects.visible_to(request.actor)).select_related("session__place")
    return get_object_or_404(seen, public_id=ballot_id)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, ballot_id: str) -> HttpResponse:
    """A ballot before its count: choose, read the choice again, cast; for the congress office, open and count."""
    row = _find(request, ballot_id)
    if request.method != "POST":
        if row.state == Ballot.State.COUNTED:
            return redirect("ballot_result", ballot_id=ballot_id)
        return _paper(request, row, [])
    step, posted = request.POST.get("step", "choose"), request.POST
    try:
        marks = _marks(row, posted)
    except errors.Invalid as refusal:
        return _paper(request, row, _as_posted(posted), refusal, ranks=_ranks(posted))
    if step == "choose":
        return _confirm(request, row, marks)
    if step != "cast":
        return _paper(request, row, marks)
    try:
        code = services.cast(
            ballot=row,
            marks=marks,
            by=request.actor,
            now=time_source.now(),
            confirm=posted.get("invalid") == "yes",
        )
    except errors.Refusal as refusal:
        return _paper(request, _find(request, ballot_id), marks, refusal)
    return render(request, "web/ballot_receipt.html", {"ballot": row, "code": code})


def _ranks(posted: QueryDict) -> dict[int, int]:
    """Candidate -> the rank that was chosen for it in a ranked ballot."""
    found = {}
    for name, value in posted.items():
        number, rank = number_in(name.removeprefix("rank-")), number_in(str(value))
        if name.startswith("rank-") and number is not None and rank is not None:
            found[number] = rank
    return found


def _as_posted(posted: QueryDict) -> list[int]:
    return [number for text in posted.getlist("marks") if (number := number_in(text)) is not None]


def _marks(row: Ballot, posted: QueryDict) -> list[int]:
    """
    The numbers marked, best first in a ranked ballot.

    :raises Invalid: if two candidates have one rank
    """
    if row.method != Ballot.Method.RANKED or posted.get("step", "choose") != "choose":
        return _as_posted(posted)
    ranks = _ranks(posted)
    doubled = sorted({rank for rank in ranks.values() if list(ranks.values()).count(rank) > 1})
    if doubled:
        raise errors.Invalid(
            _("第 %(rank)s 位选了不止一个项目，请每个名次只给一个项目。") % {"rank": doubled[0]}
        )
    return sorted(ranks, key=lambda number: ranks[number])


def _paper(
    request: HttpRequest,
    row: Ballot,
    marks: Sequence[int],
    refusal: errors.Refusal | None = None,
    ranks: dict[int, int] | None = None,
) -> HttpResponse:
    """The ballot paper with its marks; beside it, for the congress office, what it may do."""
    entry = RollEntry.objects.filter(ballot=row, person=request.actor.person).first()
    if ranks is None:
        ranks = {number: rank for rank, number in enumerate(marks, 1)}
    candidates = [
        (one, cost, one.number in marks, ranks.get(one.number))
        for one, cost in reads.candidates_of(row, BallotCandidate.objects.visible_to(request.actor))
    ]
    context = {
        "ballot": row,
        "candidates": candidates,
        "ranks": range(1, row.places + 1),
        "on_roll": entry is not None,
        "voted": entry is not None and entry.voted,
        "kept": bool(marks or ranks),
        "runs_it": request.actor.may("congress.ballot", row.session.place),
        "sentence": refusal.sentence if refusal else "",
    }
    return render(request, "web/ballot.html", context, status=refusal.status if refusal else 200)


def _confirm(request: HttpRequest, row: Ballot, marks: Sequence[int]) -> HttpResponse:
    """Say the choice again before it is cast."""
    seen = BallotCandidate.objects.visible_to(request.actor)
    found = {one.number: (one, cost) for one, cost in reads.candidates_of(row, seen)}
    chosen = [(rank, *found[number]) for rank, number in enumerate(marks, 1) if number in found]
    context = {
        "ballot": row,
        "chosen": chosen,
        "marks": marks,
        "count": len(marks),
        "invalid": len(marks) > row.places,
    }
    return render(request, "web/ballot_confirm.html", context)


@login_required
@require_POST
def ballot_act(request: HttpRequest, ballot_id: str, name: str) -> HttpResponse:
    """Open a ballot, or end the voting and count; a refusal's sentence is shown on the ballot's page."""
    row, now = _find(request, ballot_id), time_source.now()
    try:
        if name == "open":
            services.open_ballot(ballot=row, by=request.actor, now=now)
            done = _("投票已经开始。")
        elif name == "count":
            services.close_and_count(ballot=row, by=request.actor, now=now)
            done = _("投票已结束，结果已公布。")
        else:
            raise Http404
    except errors.Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("ballot", ballot_id=ballot_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_result(request: HttpRequest, ballot_id: str) -> HttpResponse:
    """What came of a ballot, for everybody; with a receipt's code, how that vote was counted."""
    row = _find(request, ballot_id)
    context: dict[str, object] = {"ballot": row}
    if row.state == Ballot.State.COUNTED:
        seen = BallotCandidate.objects.visible_to(request.actor)
        runs_it = request.actor.may("congress.ballot", row.session.place)
        context |= {"outcome": reads.outcome_of(row, seen), "runs_it": runs_it}
    status = 200
    if request.method == "POST" and row.state == Ballot.State.COUNTED:
        code = request.POST.get("code", "")[:60]
        vote = selectors.vote_of(row, code)
        context |= {"asked": True, "vote": vote, "code": code}
        status = 200 if vote else 422
    return render(request, "web/ballot_result.html", context, status=status)


@require_safe
def ballot_recount(request: HttpRequest, ballot_id: str) -> HttpResponse:
    """
    The file with which anyone can count again.

    :raises NotCounted: while the ballot is not counted
    """
    row = _find(request, ballot_id)
    answer = HttpResponse(services.recount_file(ballot=row), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="recount-{row.public_id}.json"'
    return answer
