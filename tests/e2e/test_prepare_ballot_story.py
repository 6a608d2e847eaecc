"""The congress office draws a ballot up in a real browser; a deputy finds co-signers among two hundred by typing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.congress import services as congress
from huiyin.congress.models import Ballot
from huiyin.core import time_source
from huiyin.directory.models import Person, Place, Post, Term
from huiyin.directory.roles import Role
from tests.web.playing import do, publish

pytestmark = pytest.mark.browser

PROJECTS = ("建设五处口袋公园", "新增公共停车位六百个", "建设老年助餐点十五个")


@pytest.fixture
def reviewed(site, town):
    """A meeting, and three projects that the standing committee has put to the vote."""
    definition, county, now = publish(town, "livelihood"), town.place_for(("county",)), timezone.now()
    today = time_source.today()
    term = Term.objects.filter(place=county).first() or Term.objects.create(
        jurisdiction=town.jurisdiction, place=county, number=17, from_on=date(2022, 1, 1)
    )
    congress.enter_session(
        term=term, number=5, opens_on=today, closes_on=today + timedelta(days=3),
        deadline_at=now + timedelta(days=1), by=town.actors["congress"], now=now,
    )  # fmt: skip
    for title in PROJECTS:
        answers = {"category": "urban", "title": title, "words": f"{title}，方便群众，呼声较高。"}
        case = services.start_case(definition=definition, answers=answers, place=county, now=now)
        do(town, case, "screen", {"public": "yes", "feasible": "yes", "screening": "accept"}, now)
        do(town, case, "committee", {"reviewing": "candidate", "cost": "560"}, now)


def test_a_ballot_is_prepared_opened_and_counted_without_scripts(person, reviewed):
    office = person(scripts=False).signs_in_as("congress")
    page = office.page
    page.goto("/ballots/")
    page.click("text=筹备票决")
    page.locator("ul.paper li", has_text="助餐点").locator("input").uncheck()
    page.fill("input[name=places]", "5")
    office.submits()
    assert office.sees("应选项目不能多于候选项目（2 个）")
    assert not page.locator("ul.paper li", has_text="助餐点").locator("input").is_checked()
    page.fill("input[name=places]", "1")
    office.submits()
    assert office.sees("票决已拟定，还没有开始投票")
    assert page.locator(".stages .current").inner_text() == "筹备"
    page.get_by_role("button", name="开始投票").click()
    page.wait_for_load_state()
    assert page.locator(".stages .current").inner_text() == "投票"
    page.get_by_text("结束投票并计票").click()
    page.get_by_role("button", name="确认结束并计票").click()
    page.wait_for_load_state()
    assert office.sees("未达法定人数")
    assert Ballot.objects.get().state == "counted"


@pytest.fixture
def two_hundred(site, town):
    """Deputies of twenty places of the mover's congress, ten each."""
    publish(town)
    mine = town.place.parent
    for number in range(20):
        code = f"{mine.code}-{number}"
        place = Place.objects.create(
            jurisdiction=town.jurisdiction, level="village", name=f"第{number}村", full_name=f"第{number}村",
            code=code, path=f"{mine.path}{number}/", parent=mine,
        )  # fmt: skip
        for n in range(10):
            one = Person.objects.create(
                jurisdiction=town.jurisdiction,
                name=f"代表{number}之{n}",
                pinyin=f"dai {number} {n}",
                code=f"{code}-{n}",
            )
            Post.objects.create(person=one, role=Role.DEPUTY, place=place, from_on="2022-01-01")


def test_typing_leaves_the_names_that_fit_and_keeps_the_chosen(person, two_hundred):
    deputy = person(phone=True).signs_in_as("deputy")
    page = deputy.page
    page.goto("/start/suggestion/")
    find, shown = page.locator(".find input"), page.locator("[data-find]:visible")
    find.fill("第7村")
    assert shown.count() == 10
    page.get_by_label("代表7之3").check()
    find.fill("DAI127")
    assert sorted(name.strip() for name in shown.all_inner_texts()) == ["代表12之7", "代表7之3"]
    assert "已选 1" in page.locator("[data-found]").inner_text()
    find.fill("没有这个人")
    assert [name.strip() for name in shown.all_inner_texts()] == ["代表7之3"]
    find.fill("")
    assert page.get_by_label("代表7之3").is_checked()


def test_without_scripts_there_is_no_field_that_does_nothing(person, two_hundred):
    deputy = person(phone=True, scripts=False).signs_in_as("deputy")
    deputy.page.goto("/start/suggestion/")
    assert not deputy.page.locator(".find").is_visible()
    assert deputy.page.locator("details.delegation").count() >= 20
