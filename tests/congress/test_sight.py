"""Who sees what is voted on, and who a draft: the roll before the vote and after it; the mover until it is handed in."""

from __future__ import annotations

from datetime import timedelta

from huiyin.cases import services as cases
from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.core import time_source
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at
from tests.web.playing import do, play_until

NOW = at("2026-01-20T09:00")
HANDED_IN = at("2026-02-11T10:00")


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


def test_a_draft_is_its_movers_until_it_is_handed_in(town):
    with time_source.standing_at(HANDED_IN):
        case = play_until(town, "submit")
        offices = ("office", "congress", "government", "watch", "station")
        assert not [name for name in offices if seen(case, town.actors[name])]
        assert seen(case, town.actors["deputy"])
        do(town, case, "submit", {"next": "submit", "signatures": {"confirmed": True}}, HANDED_IN)
        assert all(seen(case, town.actors[name]) for name in offices)
        do(town, case, "screen", {"screening": "return", "reason": "请补充案由和依据。"}, HANDED_IN)
        assert seen(case, town.actors["office"])


def seen(case: Case, actor) -> bool:
    return Case.objects.visible_to(actor).filter(pk=case.pk).exists()
