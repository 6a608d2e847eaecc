"""附议 and 届: whose term has ended signs nothing; what was submitted in time keeps its signatures."""

from datetime import timedelta

import pytest

from huiyin.congress import errors, selectors
from huiyin.directory.models import Post
from tests.congress.conftest import NOW
from tests.congress.test_signatures import invite, sign


def test_a_deputy_whose_term_has_ended_signs_nothing_and_counts_no_more(congress):
    case = congress.case("bill")
    invite(congress, case, 1, 2)
    sign(congress, case, 1)
    Post.objects.filter(person__in=congress.deputies[1:3]).update(to_on=NOW.date())
    with pytest.raises(errors.NotADeputyHere):
        sign(congress, case, 2)
    assert selectors.proposers(case, NOW.date())[0] == 1


def test_a_term_that_ends_after_the_submission_takes_no_signature_away(congress):
    case = congress.case("suggestion")
    invite(congress, case, 1)
    sign(congress, case, 1)
    congress.record(case, "signatures", {"confirmed": True})
    Post.objects.filter(person=congress.deputies[1]).update(to_on=NOW.date() + timedelta(days=1))
    assert selectors.proposers(case, NOW.date() + timedelta(days=30))[0] == 2


def test_a_mover_whose_term_has_ended_submits_nothing(congress):
    case = congress.case("suggestion")
    Post.objects.filter(person=congress.deputies[0]).update(to_on=NOW.date())
    with pytest.raises(errors.NotADeputyHere):
        congress.record(case, "signatures", {"confirmed": True})
