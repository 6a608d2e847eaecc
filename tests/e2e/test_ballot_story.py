"""A ballot on a phone without scripts: choose, look again, cast once, and find the own vote in the public result."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.congress import services as congress
from huiyin.congress.models import SealedVote
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing
from tests.conftest import at

pytestmark = pytest.mark.browser

PROJECTS = ("建设五处口袋公园", "新增公共停车位六百个", "建设老年助餐点十五个")


@pytest.fixture
def ballot(site, town):
    """Three projects wait for the vote of the six deputies; two may be chosen."""
    now = timezone.now()
    bundle = bundles.read("livelihood")
    definition = storing.store(bundle, town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00"))
    county = town.place_for(("county",))
    cases = []
    for title in PROJECTS:
        answers = {"category": "urban", "title": title, "words": f"{title}，方便群众，呼声较高。"}
        cases.append(services.start_case(definition=definition, answers=answers, place=county, now=now))
    session = congress.session_in_force(place=county, moment=now)
    office = town.actors["congress"]
    prepared = congress.prepare_ballot(
        session=session, title="民生实事票决", method="approval", places=2, cases=cases, by=office, now=now
    )
    return congress.open_ballot(ballot=prepared, by=office, now=now)


def test_is_cast_once_and_found_again_by_its_receipt(person, ballot, town):
    deputy = person(phone=True, scripts=False).signs_in_as("deputy")
    page = deputy.page
    page.goto("/ballots/")
    page.click("text=民生实事票决")
    for number in (1, 2, 3):
        page.check(f"input[name=marks][value='{number}']")
    deputy.submits()
    assert deputy.sees("无效")  # three marks for two places: the look again says so before anything is cast
    page.get_by_role("button", name="返回修改").click()
    page.uncheck("input[name=marks][value='3']")
    deputy.submits()
    assert deputy.sees("建设五处口袋公园")
    assert not SealedVote.objects.exists()
    deputy.submits()
    code = page.inner_text(".vote-receipt .code").strip()
    page.goto(f"/ballots/{ballot.public_id}/")
    assert deputy.sees("已投票")
    for name in sandbox.DEPUTIES:
        congress.cast(ballot=ballot, marks=[1, 2], by=town.actors[name], now=timezone.now())
    congress.close_and_count(ballot=ballot, by=town.actors["congress"], now=timezone.now())
    passer_by = person(phone=True, scripts=False)
    passer_by.page.goto(f"/ballots/{ballot.public_id}/result/")
    assert passer_by.sees("建设五处口袋公园")
    passer_by.page.fill("input[name=code]", code)
    passer_by.page.locator("form:has(input[name=code]) button").click()
    passer_by.page.wait_for_load_state()
    assert passer_by.sees("新增公共停车位六百个")
    assert passer_by.page.request.get(f"/ballots/{ballot.public_id}/recount.json").status == 200
