"""
纸质选票: the congress office enters who put a paper into the box, and the papers.

Two steps, for nothing can be taken back from the box: the first reads what was typed and says how many papers of which
sort there are, line by line where one cannot be right; the second enters them, and only what the first has shown.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.congress import errors as congress
from huiyin.congress import services
from huiyin.congress.models import Ballot, BallotCandidate, RollEntry
from huiyin.core import errors, time_source
from huiyin.web.ballot_papers import Papers, read_papers


@dataclass(frozen=True)
class Typed:
    """What was typed and ticked, and what came of reading it."""

    text: str = ""
    voters: frozenset[str] = frozenset()
    papers: Papers | None = None
    sentence: str = ""
    status: int = 200

    @property
    def mark(self) -> str:
        """Tells whether something was changed since it was read."""
        return hashlib.sha256(json.dumps([self.text, sorted(self.voters)]).encode()).hexdigest()

    @property
    def is_ready(self) -> bool:
        """Read without a problem, so that it may be entered."""
        return bool(self.papers and self.papers.votes and not self.papers.problems and not self.sentence)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ballot_papers(request: HttpRequest, ballot_id: str) -> HttpResponse:
    """
    The page of the papers of an open ballot.

    :raises NotYourAct: for anybody but the congress office
    """
    seen = Ballot.objects.visible_to(request.actor).select_related("session__place")
    ballot = get_object_or_404(seen, public_id=ballot_id)
    request.actor.require("congress.ballot", ballot.session.place)
    if request.method != "POST":
        return _page(request, ballot, Typed()) if ballot.state == Ballot.State.OPEN else _back(ballot)
    posted, step = request.POST, request.POST.get("step")
    roll = RollEntry.objects.filter(ballot=ballot, voted=False)
    waiting = frozenset(roll.values_list("person__public_id", flat=True))
    ticked = waiting if step == "all" else frozenset(posted.getlist("voters"))
    typed = Typed(posted.get("papers", "").replace("\r\n", "\n"), ticked)
    if step == "all":
        return _page(request, ballot, typed)
    typed = _read(ballot, typed)
    if not typed.is_ready or step != "enter" or posted.get("mark") != typed.mark:
        return _page(request, ballot, typed)
    return _enter(request, ballot, typed)


def _read(ballot: Ballot, typed: Typed) -> Typed:
    """Read the papers; where they do not fit the voters, the service would refuse them, and it is said at once."""
    numbers = list(ballot.candidates.values_list("number", flat=True))
    ranked = ballot.method == Ballot.Method.RANKED
    papers = read_papers(typed.text, numbers, ballot.places, ranked=ranked)
    found = len(papers.votes) + len(papers.problems)
    if papers.problems:
        sentence = _("有 %(n)s 行需要核对。") % {"n": len(papers.problems)}
    elif found != len(typed.voters) or not found:
        sentence = congress.PaperMismatch(votes=found, voters=len(typed.voters)).sentence
    else:
        sentence = ""
    return replace(typed, papers=papers, sentence=sentence, status=422 if sentence else 200)


def _enter(request: HttpRequest, ballot: Ballot, typed: Typed) -> HttpResponse:
    """Put the papers into the box; a refusal keeps all that was typed and ticked."""
    roll = RollEntry.objects.filter(ballot=ballot, person__public_id__in=typed.voters).select_related(
        "person"
    )
    try:
        if roll.count() != len(typed.voters):
            raise congress.NotOnRoll
        entered = services.enter_paper_votes(
            ballot=ballot,
            votes=typed.papers.votes if typed.papers else (),
            voters=[entry.person for entry in roll],
            by=request.actor,
            now=time_source.now(),
        )
    except errors.Refusal as refusal:
        return _page(request, ballot, replace(typed, sentence=refusal.sentence, status=refusal.status))
    messages.success(request, _("已录入纸质选票 %(n)s 张。") % {"n": entered})
    return _back(ballot)


def _page(request: HttpRequest, ballot: Ballot, typed: Typed) -> HttpResponse:
    seen = BallotCandidate.objects.visible_to(request.actor).filter(ballot=ballot)
    roll = RollEntry.objects.filter(ballot=ballot).select_related("person")
    context = {
        "ballot": ballot,
        "candidates": seen.order_by("number"),
        "voters": [
            (entry.person, entry.voted, entry.person.public_id in typed.voters)
            for entry in roll.order_by("person__pinyin", "person_id")
        ],
        "typed": typed,
        "lines": min(max(typed.text.count("\n") + 3, 12), 40),
    }
    return render(request, "web/ballot_papers.html", context, status=typed.status)


def _back(ballot: Ballot) -> HttpResponse:
    return redirect("ballot", ballot_id=ballot.public_id)
