"""Who stands on the roll of a ballot sees what it decides about, before the vote and after it; nobody else does by it."""

from __future__ import annotations

from datetime import timedelta

from huiyin.cases import services as cases
from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at

NOW = at("2026-01-20T09:00")


def test_a_deputy_on_the_roll_sees_the_candidates(profile, town):
    project = storing.store(bundles.read("livelihood"), town.jurisdiction, version=1, by=None, now=NOW)
    answers = {
        "category": "urban",
        "title": "建设五处口袋公园",
        "words": "利用边角地建设口袋公园，方便群众休闲。",
    }
    county = town.place_for(("county",))
    case = cases.start_case(definition=project, answers=answers, place=county, now=NOW)
    deputy, head = town.actors["deputy"], town.actors["c-head"]
    assert not Case.objects.visible_to(deputy).exists()
    office = town.actors["congress"]
    session = services.session_in_force(place=county, moment=NOW)
    ballot = services.prepare_ballot(
        session=session, title="票决", method="approval", places=1, cases=[case], by=office, now=NOW
    )
    services.open_ballot(ballot=ballot, by=office, now=NOW + timedelta(minutes=1))
    assert list(Case.objects.visible_to(deputy)) == [case]
    assert not Case.objects.visible_to(head).exists()
