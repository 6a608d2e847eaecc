"""
Count a ballot: one pure function, used by the count, by the recount and by whoever wants to check either.

Nothing here reads a database. A recount file (see `services.recount_file`) holds all that `recount` needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Marks = Sequence[int] | None
Share = tuple[int, int]
FORMAT = "huiyin-recount/1"


@dataclass(frozen=True)
class Standing:
    """What a candidate got: how many named it, its points in a ranked ballot, and whether a majority of all named it."""

    number: int
    votes: int
    points: int
    majority: bool


@dataclass(frozen=True)
class Result:
    """
    What came of a ballot.

    `decided`: everyone in `elected`, and nobody else. `runoff`: those in `elected` are, and those in `tied` stand at the
    cut with the same count and need a second vote for the `left` places. `no_quorum`: too few voted, nothing is decided.
    """

    status: Literal["decided", "runoff", "no_quorum"]
    roll: int
    cast: int
    valid: int
    invalid: int
    elected: tuple[int, ...]
    tied: tuple[int, ...]
    left: int
    standings: tuple[Standing, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and mappings, as they are stored and written to files."""
        plain = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def is_valid(marks: Marks, candidates: Sequence[int], places: int) -> bool:
    """Whether a paper counts: readable, known candidates, each once, no more than there are places. An empty one abstains."""
    return (
        marks is not None
        and len(marks) <= places
        and len(set(marks)) == len(marks)
        and set(marks) <= set(candidates)
    )


def count(
    method: str,
    places: int,
    candidates: Sequence[int],
    votes: Sequence[Marks],
    roll_size: int,
    quorum: Share,
    majority: Share,
) -> Result:
    """
    Count votes.

    Approval: a candidate's score is the number of ballots that name it. Ranked: the Borda count; with n candidates the
    rank r on a ballot gives n - r + 1 points, a candidate that is not named gets none. In both, only who is named on
    more than `majority` of ALL on the roll can be elected, in the order of the scores, up to `places`. Invalid ballots
    count for the quorum (at least `quorum` of the roll have cast one) and for nothing else. A tie at the cut elects
    none of the tied: it is reported, never drawn.
    """
    valid = [marks for marks in votes if marks is not None and is_valid(marks, candidates, places)]
    standings = _standings(candidates, valid, roll_size, majority)
    elected, tied = (
        _choose(standings, places, ranked=method == "ranked")
        if len(votes) * quorum[1] >= quorum[0] * roll_size
        else (None, ())
    )
    return Result(
        status="no_quorum" if elected is None else "runoff" if tied else "decided",
        roll=roll_size,
        cast=len(votes),
        valid=len(valid),
        invalid=len(votes) - len(valid),
        elected=tuple(sorted(elected or ())),
        tied=tuple(sorted(tied)),
        left=places - len(elected) if elected is not None and tied else 0,
        standings=standings,
    )


def _standings(
    candidates: Sequence[int], valid: Sequence[Sequence[int]], roll_size: int, majority: Share
) -> tuple[Standing, ...]:
    votes, points = dict.fromkeys(candidates, 0), dict.fromkeys(candidates, 0)
    for marks in valid:
        for rank, number in enumerate(marks, 1):
            votes[number] += 1
            points[number] += len(candidates) - rank + 1
    return tuple(
        Standing(number, votes[number], points[number], votes[number] * majority[1] > majority[0] * roll_size)
        for number in sorted(candidates)
    )


def _choose(
    standings: Sequence[Standing], places: int, *, ranked: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Fill the places group by group of equal scores; a group that does not fit is tied, and the filling ends."""
    groups: dict[int, list[int]] = {}
    for one in standings:
        if one.majority:
            groups.setdefault(one.points if ranked else one.votes, []).append(one.number)
    elected: list[int] = []
    for score in sorted(groups, reverse=True):
        if len(elected) + len(groups[score]) > places:
            return tuple(elected), tuple(groups[score]) if len(elected) < places else ()
        elected += groups[score]
    return tuple(elected), ()


def recount(document: Mapping[str, Any]) -> Result:
    """
    Count a recount file anew.

    :raises ValueError: if it is none
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ValueError(f"this is no recount file of the format {FORMAT}")
    return count(
        document["method"],
        document["places"],
        [one["number"] for one in document["candidates"]],
        [vote["marks"] for vote in document["votes"]],
        document["roll"],
        tuple(document["quorum"]),
        tuple(document["majority"]),
    )
