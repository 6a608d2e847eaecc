"""筹备票决: a matter stands in one ballot at a time; a draft can be taken back, an open ballot can't."""

from __future__ import annotations

import pytest

from huiyin.congress import errors, services
from huiyin.congress.models import Ballot
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history
from tests.congress.conftest import NOW
from tests.congress.test_ballots import cast, prepare


def test_a_matter_stands_in_one_ballot_at_a_time(congress):
    ballot = prepare(congress)
    again = [row.case for row in ballot.candidates.all()][:2]
    with pytest.raises(errors.StandsAlready):
        prepare(congress, cases=again)
    services.open_ballot(ballot=ballot, by=congress.office, now=NOW)
    with pytest.raises(errors.StandsAlready):
        prepare(congress, cases=again)


def test_it_may_stand_again_after_the_count(congress):
    ballot = prepare(congress)
    services.open_ballot(ballot=ballot, by=congress.office, now=NOW)
    cast(congress, ballot, 0, [1])
    services.close_and_count(ballot=ballot, by=congress.office, now=NOW)
    assert prepare(congress, cases=[row.case for row in ballot.candidates.all()]).state == Ballot.State.DRAFT


def test_a_draft_is_taken_back_and_its_history_stays(congress):
    ballot = prepare(congress)
    key = ballot.pk
    services.discard_ballot(ballot=ballot, by=congress.office, now=NOW)
    assert not Ballot.objects.exists()
    assert [one.kind for one in history.entries_of("ballot", key)] == ["ballot_prepared", "ballot_discarded"]


def test_only_the_congress_office_takes_it_back(congress):
    ballot = prepare(congress)
    for actor in (congress.town.actors["office"], congress.actor(congress.deputies[0])):
        with pytest.raises(NotYourAct):
            services.discard_ballot(ballot=ballot, by=actor, now=NOW)


def test_an_open_ballot_is_not_taken_back(congress):
    ballot = services.open_ballot(ballot=prepare(congress), by=congress.office, now=NOW)
    with pytest.raises(errors.BallotMoved):
        services.discard_ballot(ballot=ballot, by=congress.office, now=NOW)
