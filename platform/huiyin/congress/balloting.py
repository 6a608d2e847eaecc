"""What the services of ballots share."""

from __future__ import annotations

from datetime import datetime

from huiyin.congress import errors
from huiyin.congress.models import Ballot
from huiyin.directory.actors import Actor
from huiyin.history import services as history
from huiyin.history.services import Line


def lock(ballot: Ballot, state: str, by: Actor | None = None) -> Ballot:
    """Lock a ballot and read it anew; for acts of the congress office, check the right."""
    locked = Ballot.objects.select_for_update(of=("self",)).select_related("session__place").get(pk=ballot.pk)
    if by is not None:
        by.require("congress.ballot", locked.session.place)
    if locked.state != state:
        raise errors.BallotMoved
    return locked


def write(ballot: Ballot, line: Line, by: Actor, now: datetime) -> None:
    """Write a line into a ballot's history."""
    by_id = by.person.pk if by.person else None
    history.record(subject_kind="ballot", subject_id=ballot.pk, lines=[line], by_id=by_id, at=now)
