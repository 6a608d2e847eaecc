"""票决的筹备: draw a ballot up, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.cases.models import Case
from huiyin.congress import balloting, counting, errors, selectors
from huiyin.congress.models import Ballot, BallotCandidate, Session
from huiyin.directory.actors import Actor
from huiyin.history.services import Line


@transaction.atomic
def prepare_ballot(
    *,
    session: Session,
    title: str,
    method: str,
    places: int,
    cases: Sequence[Case],
    by: Actor,
    now: datetime,
    quorum: counting.Share = (2, 3),
    majority: counting.Share = (1, 2),
) -> Ballot:
    """
    Draw up a ballot with its candidates, numbered in the order given.

    :param quorum: which share of the roll must have cast a ballot, at least
    :param majority: which share of ALL on the roll must name a candidate, more than
    :raises NotYourAct: without the right, at the congress's place
    :raises BallotBroken: if candidates, places or shares do not make a ballot
    :raises StandsAlready: if a candidate stands in a ballot that is not counted
    """
    by.require("congress.ballot", session.place)
    shares = 0 < quorum[0] <= quorum[1] and 0 <= majority[0] < majority[1]
    if not (title.strip() and shares and _may_stand(cases, session) and 0 < places <= len(cases)):
        raise errors.BallotBroken
    _check_free(cases)
    ballot = Ballot.objects.create(
        session=session,
        title=title.strip(),
        method=Ballot.Method(method),
        places=places,
        quorum_numerator=quorum[0],
        quorum_denominator=quorum[1],
        majority_numerator=majority[0],
        majority_denominator=majority[1],
    )
    BallotCandidate.objects.bulk_create(
        [
            BallotCandidate(ballot=ballot, case=case, number=number, title=case.title)
            for number, case in enumerate(cases, 1)
        ]
    )
    balloting.write(
        ballot, Line("ballot_prepared", {"title": ballot.title, "candidates": len(cases)}), by, now
    )
    return ballot


def _may_stand(cases: Sequence[Case], session: Session) -> bool:
    """Whether the matters are of the congress's jurisdiction, each once, and open."""
    own = all(case.jurisdiction_id == session.jurisdiction_id for case in cases)
    once = len({case.pk for case in cases}) == len(cases)
    # The titles become public at the count: nothing stands that has its own exit.
    return own and once and not any(case.restricted or case.closed_at is not None for case in cases)


def _check_free(cases: Sequence[Case]) -> None:
    numbers = [case.pk for case in cases]
    # Locked, so that two who prepare at once do not both find a candidate free.
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").values_list("pk"))
    taken = selectors.standing().filter(case__in=numbers).first()
    if taken is not None:
        raise errors.StandsAlready(title=taken.title)


@transaction.atomic
def discard_ballot(*, ballot: Ballot, by: Actor, now: datetime) -> None:
    """
    Take back a ballot that was not opened; its history stays, and its candidates may stand in another.

    :raises NotYourAct: without the right, at the congress's place
    :raises BallotMoved: if it is open or counted
    """
    locked = balloting.lock(ballot, Ballot.State.DRAFT, by)
    balloting.write(locked, Line("ballot_discarded", {"title": locked.title}), by, now)
    locked.candidates.all().delete()
    locked.delete()
