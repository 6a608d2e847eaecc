"""
票决: open, cast, enter paper, count.

Secrecy in the database: while voting is open a vote lies in the box sealed under the field keys, padded to one length,
and the roll says whether, never when. Place, order and transaction of the rows, the write-ahead log and copies of the
database lead from a voter to an envelope and no further. The count opens all envelopes at once and writes the votes
anew under random keys. What this does not reach: somebody who has the database AND the keys while voting goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.congress import balloting, counting, errors, selectors
from huiyin.congress.models import Ballot, RollEntry, SealedVote, Vote
from huiyin.core import canonical, ids, time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.history.services import Line

#: Whoever enters fewer papers of named voters at once knows too well who wrote which.
FEWEST_PAPERS = 3


@transaction.atomic
def open_ballot(
    *, ballot: Ballot, by: Actor, now: datetime, people: Sequence[Person] | None = None
) -> Ballot:
    """
    Freeze the roll and let voting begin.

    :param people: who may vote, if not all deputies of the session's congress
    :raises NotYourAct: without the right, at the congress's place
    :raises BallotMoved: if it is open or counted
    :raises RollEmpty: if nobody could vote
    """
    locked = balloting.lock(ballot, Ballot.State.DRAFT, by)
    if people is None:
        people = list(selectors.deputies_of_congress(locked.session.place, time_source.day_of(now)))
    roll = sorted({person.pk: person for person in people}.values(), key=lambda one: (one.pinyin, one.pk))
    if not roll:
        raise errors.RollEmpty
    RollEntry.objects.bulk_create([RollEntry(ballot=locked, person=person) for person in roll])
    locked.state, locked.opened_at = Ballot.State.OPEN, now
    locked.save(update_fields=["state", "opened_at"])
    balloting.write(locked, Line("ballot_opened", {"title": locked.title, "roll": len(roll)}), by, now)
    return locked


@transaction.atomic
def cast(*, ballot: Ballot, marks: Sequence[int], by: Actor, now: datetime, confirm: bool = False) -> str:
    """
    Cast a vote and return the code that finds it again; no entry is written and nothing is kept of when.

    :param marks: numbers of candidates, best first in a ranked ballot; none to abstain
    :param confirm: cast a vote with more marks than places all the same: it is invalid, as on paper
    :raises NotYourAct: if the actor is no deputy
    :raises BallotMoved: if voting is not open
    :raises NotOnRoll: if the person is not on the roll; a vote can't be delegated
    :raises AlreadyVoted: if the person has voted
    :raises UnknownCandidate: if a mark names no candidate, or one twice
    :raises TooManyMarks: if there are more marks than places, without `confirm`
    """
    by.require("ballot.cast")
    locked = balloting.lock(ballot, Ballot.State.OPEN)
    entry = RollEntry.objects.select_for_update().filter(ballot=locked, person=by.person).first()
    if entry is None or by.person is None:
        raise errors.NotOnRoll
    if entry.voted:
        raise errors.AlreadyVoted(name=by.person.name)
    candidates, seen = _numbers(locked), set()
    for number in marks:
        if number not in candidates or number in seen:
            raise errors.UnknownCandidate(number=number)
        seen.add(number)
    if len(marks) > locked.places and not confirm:
        raise errors.TooManyMarks(marks=len(marks), places=locked.places)
    return _put_in(locked, [list(marks)], [by.person.pk])[0]


@transaction.atomic
def enter_paper_votes(
    *,
    ballot: Ballot,
    votes: Sequence[counting.Marks],
    voters: Sequence[Person],
    by: Actor,
    now: datetime,
) -> int:
    """
    The congress office enters the papers of a box together with the list of who put one in; returns how many.

    :param votes: the marks on each paper; None for one that nobody can read. What is wrong on paper is invalid.
    :param voters: who voted on paper; the order tells nothing
    :raises NotYourAct: without the right, at the congress's place
    :raises BallotMoved: if voting is not open
    :raises PaperMismatch: if there are not as many papers as voters
    :raises TooFewPapers: if they are so few that a paper would tell its voter
    :raises NotOnRoll: if one of the voters is not on the roll
    :raises AlreadyVoted: if one of them has voted
    """
    locked = balloting.lock(ballot, Ballot.State.OPEN, by)
    if len(votes) != len({person.pk for person in voters}) or len(votes) != len(voters) or not votes:
        raise errors.PaperMismatch(votes=len(votes), voters=len(voters))
    if len(votes) < FEWEST_PAPERS:
        raise errors.TooFewPapers(fewest=FEWEST_PAPERS)
    entries = RollEntry.objects.select_for_update().filter(ballot=locked, person__in=voters)
    rows = list(entries.select_related(None).order_by("pk"))
    if len(rows) != len(voters):
        raise errors.NotOnRoll
    early = next((row.person_id for row in rows if row.voted), None)
    if early is not None:
        raise errors.AlreadyVoted(name=next(person.name for person in voters if person.pk == early))
    _put_in(locked, [None if one is None else list(one) for one in votes], [row.person_id for row in rows])
    balloting.write(locked, Line("paper_votes_entered", {"count": len(votes)}), by, now)
    return len(votes)


def _put_in(ballot: Ballot, votes: Sequence[list[int] | None], voters: Sequence[int]) -> list[str]:
    """Mark the voters on the roll, and put the votes into the box in sealed envelopes of one size."""
    codes = [ids.new_id() for _vote in votes]
    longest = len(json.dumps(_numbers(ballot)))
    envelopes = []
    for marks, code in zip(votes, codes, strict=True):
        paper = {"marks": marks, "receipt": selectors.receipt_of(code)}
        filler = " " * (longest - len(json.dumps(marks)))
        envelopes.append(SealedVote(ballot=ballot, paper={**paper, "filler": filler}))
    RollEntry.objects.filter(ballot=ballot, person__in=voters).update(voted=True)
    SealedVote.objects.bulk_create(sorted(envelopes, key=lambda one: one.pk))
    return codes


def _open_the_box(ballot: Ballot, candidates: Sequence[int]) -> list[counting.Marks]:
    """Open all envelopes and keep the votes in the order of their random keys: nothing of the box's order is left."""
    papers = list(SealedVote.objects.filter(ballot=ballot).values_list("paper", flat=True))
    votes = [
        Vote(
            ballot=ballot,
            marks=paper["marks"],
            receipt=paper["receipt"],
            valid=counting.is_valid(paper["marks"], candidates, ballot.places),
        )
        for paper in papers
    ]
    SealedVote.objects.filter(ballot=ballot).delete()
    Vote.objects.bulk_create(sorted(votes, key=lambda vote: vote.pk))
    return [vote.marks for vote in votes]


@transaction.atomic
def close_and_count(*, ballot: Ballot, by: Actor, now: datetime) -> Ballot:
    """
    End the voting and count; the result stands on the ballot, its hash in the history.

    :raises NotYourAct: without the right, at the congress's place
    :raises BallotMoved: if voting is not open
    """
    locked = balloting.lock(ballot, Ballot.State.OPEN, by)
    candidates = _numbers(locked)
    result = counting.count(
        locked.method,
        locked.places,
        candidates,
        _open_the_box(locked, candidates),
        locked.roll.count(),
        (locked.quorum_numerator, locked.quorum_denominator),
        (locked.majority_numerator, locked.majority_denominator),
    )
    locked.state, locked.counted_at, locked.result = Ballot.State.COUNTED, now, result.as_dict()
    locked.save(update_fields=["state", "counted_at", "result"])
    facts = {
        "title": locked.title,
        "status": result.status,
        "cast": result.cast,
        "roll": result.roll,
        "elected": list(result.elected),
        "tied": list(result.tied),
        "sha256": hashlib.sha256(recount_file(ballot=locked).encode()).hexdigest(),
    }
    balloting.write(locked, Line("ballot_counted", facts), by, now)
    return locked


def recount_file(*, ballot: Ballot) -> str:
    """
    Everything that a recount needs, as JSON: candidates, rules, votes by the hash of their receipt, and the result.

    :raises NotCounted: while the ballot is not counted
    """
    if ballot.state != Ballot.State.COUNTED:
        raise errors.NotCounted
    votes = Vote.objects.filter(ballot=ballot).order_by("receipt").values("receipt", "marks")
    document: dict[str, Any] = {
        "format": counting.FORMAT,
        "ballot": ballot.public_id,
        "title": ballot.title,
        "method": ballot.method,
        "places": ballot.places,
        "quorum": [ballot.quorum_numerator, ballot.quorum_denominator],
        "majority": [ballot.majority_numerator, ballot.majority_denominator],
        "roll": ballot.roll.count(),
        "candidates": list(ballot.candidates.order_by("number").values("number", "title")),
        "votes": list(votes),
        "result": ballot.result,
    }
    return json.dumps(json.loads(canonical.encode(document)), ensure_ascii=False, indent=1, sort_keys=True)


def _numbers(ballot: Ballot) -> list[int]:
    return list(ballot.candidates.order_by("number").values_list("number", flat=True))
