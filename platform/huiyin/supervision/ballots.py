"""What is shown of ballots: how many have voted, and what came of the count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from huiyin.cases.models import Fact
from huiyin.congress.models import Ballot, BallotCandidate

#: The fact that holds a candidate's estimated cost, in 10,000 yuan.
COST = "cost"


def with_turnout(ballots: QuerySet[Ballot]) -> QuerySet[Ballot]:
    """Each ballot with `roll_size` and `have_voted`; what was voted stays in the box."""
    return ballots.annotate(
        roll_size=Count("roll", distinct=True),
        have_voted=Count("roll", filter=Q(roll__voted=True), distinct=True),
    )


def candidates_of(ballot: Ballot, seen: QuerySet[BallotCandidate]) -> list[tuple[BallotCandidate, str]]:
    """The candidates of a ballot in its order, of those that the actor may see, each with its cost or an empty text."""
    rows = list(seen.filter(ballot=ballot).select_related("case").order_by("number"))
    costs = costs_of([row.case_id for row in rows])
    return [(row, costs.get(row.case_id, "")) for row in rows]


def costs_of(case_ids: list[int]) -> Mapping[int, str]:
    """What projects are expected to cost; it stands on the ballot paper, so it is as public as the paper."""
    return dict(Fact.objects.filter(case__in=case_ids, name=COST).values_list("case_id", "text"))


@dataclass(frozen=True)
class Line:
    """A candidate in the table of a result."""

    candidate: BallotCandidate
    cost: str
    votes: int
    points: int
    elected: bool
    tied: bool


@dataclass(frozen=True)
class Outcome:
    """A counted ballot as its page says it: who voted, what was needed, and each candidate's votes."""

    status: str
    roll: int
    cast: int
    valid: int
    invalid: int
    #: how many ballots had to be cast, and on how many a candidate had to be named
    quorum: int
    majority: int
    left: int
    most: int
    lines: tuple[Line, ...]
    elected: tuple[Line, ...]
    tied: tuple[Line, ...]


def needed(ballot: Ballot, roll: int) -> tuple[int, int]:
    """How many must cast a ballot (at least the quorum), and how many must name a candidate (more than the majority)."""
    quorum = -(-roll * ballot.quorum_numerator // ballot.quorum_denominator)
    majority = roll * ballot.majority_numerator // ballot.majority_denominator + 1
    return quorum, majority


def outcome_of(ballot: Ballot, seen: QuerySet[BallotCandidate]) -> Outcome:
    """The stored result of a counted ballot, most votes (in a ranked ballot: most points) first."""
    result: dict[str, Any] = ballot.result or {}
    standings = {one["number"]: one for one in result["standings"]}
    lines = [
        Line(
            candidate=row,
            cost=cost,
            votes=standings[row.number]["votes"],
            points=standings[row.number]["points"],
            elected=row.number in result["elected"],
            tied=row.number in result["tied"],
        )
        for row, cost in candidates_of(ballot, seen)
    ]
    ranked = ballot.method == Ballot.Method.RANKED
    lines.sort(key=lambda one: (-(one.points if ranked else one.votes), one.candidate.number))
    quorum, majority = needed(ballot, result["roll"])
    scores = [one.points if ranked else one.votes for one in lines]
    return Outcome(
        status=result["status"],
        roll=result["roll"],
        cast=result["cast"],
        valid=result["valid"],
        invalid=result["invalid"],
        quorum=quorum,
        majority=majority,
        left=result["left"],
        most=max([*scores, 1]) if ranked else max(result["roll"], 1),
        lines=tuple(lines),
        elected=tuple(one for one in lines if one.elected),
        tied=tuple(one for one in lines if one.tied),
    )


def standing_of(candidate: BallotCandidate) -> Mapping[str, Any] | None:
    """What a candidate got in a counted ballot, with `roll`, `elected` and `tied`; None before the count."""
    result = candidate.ballot.result
    if result is None:
        return None
    own = next(one for one in result["standings"] if one["number"] == candidate.number)
    return {
        **own,
        "roll": result["roll"],
        "elected": candidate.number in result["elected"],
        "tied": candidate.number in result["tied"],
    }
