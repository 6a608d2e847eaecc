"""A deputy's day: rate, tell of pressure, draft from what citizens report, collect signatures on the spot."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.definitions.models import Definition
from huiyin.jobs import services as jobs
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at
from tests.web import conftest as playing

pytestmark = pytest.mark.browser

LAMPS = ("村口老桥的路灯坏了一个多月，晚上看不清路。", "老桥南头的路灯也不亮，老人摔过跤。")


@pytest.fixture
def matters(site, town) -> list[Case]:
    """Two matters that citizens addressed to the deputy; the first is answered, the unit says that it called."""
    definition, now = Definition.objects.get(process="matter"), timezone.now()
    bundle = bundles.read("suggestion")
    storing.store(bundle, town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00"))
    found = [
        services.start_case(
            definition=definition,
            answers=town.resolve(playing.REPORT | {"words": words, "deputy": "@deputy"}),
            place=town.place,
            now=now,
        )
        for words in LAMPS
    ]
    playing.handled(found[0], town)
    contact = {"way": "phone", "on": now.date().isoformat(), "text": "电话说明安排"}
    playing.complete(found[0], town, "work", {"contact": contact, "progress": {"text": "更换灯具"}})
    reply = {"result": "done", "text": "已更换灯具两盏，恢复照明。"}
    playing.complete(found[0], town, "reply", {"reply": reply})
    return found


def confirms_and_rates(deputy) -> None:
    """When Tao would answer one himself, rates, and tells the congress who pressed him."""
    page = deputy.page
    page.goto("/tasks/")
    page.click("button:has-text('代表直接答复')")
    assert deputy.sees("已告知人大")
    deputy.opens_the_task("代表评价")
    deputy.chooses("不满意")
    deputy.submits()
    assert deputy.sees("已提交")
    page.click("summary:has-text('有人劝我改评价')")
    page.fill("#pressure-words", "有人打电话，让我给个基本满意。")
    page.click("text=私下告知人大")
    assert deputy.sees("已告知人大")


def drafts(deputy) -> None:
    """And drafts one suggestion from both matters, each an ask."""
    page = deputy.page
    page.goto("/cases/")
    for n in range(2):
        page.locator("input[name=from]").nth(n).check()
    page.click("text=据此起草代表建议")
    page.wait_for_load_state()
    assert page.locator("textarea[name=asks]").nth(1).input_value() in LAMPS
    page.fill("#i-title", "关于检修老桥路灯的建议")
    deputy.submits()
    assert deputy.sees("已保存为草稿")


def collects(deputy, friend) -> None:
    """Then a colleague beside him scans the code, reads and signs, and the count goes up by itself."""
    deputy.page.click("text=现场附议码")
    deputy.page.wait_for_load_state()
    assert deputy.page.locator(".qr svg").is_visible()
    assert deputy.sees_all_of_it()
    link = deputy.page.get_attribute("a:has-text('附议页面的链接')", "href")
    friend.page.goto(link)
    assert friend.sees(LAMPS[0])
    friend.page.click("main form .btn-primary")
    assert friend.sees("已附议")
    deputy.page.locator("text=提出人和附议人共 2 名").wait_for()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_is_lived_on_one_list(person, town, matters, phone):
    deputy, friend = person(phone=phone).signs_in_as("deputy"), person(phone=True).signs_in_as("deputy2")
    confirms_and_rates(deputy)
    drafts(deputy)
    collects(deputy, friend)
    deputy.opens_the_task("征集附议")
    deputy.chooses("提交审查")
    deputy.page.check("input[name='signatures.confirmed']")
    deputy.submits()
    # And once the office gives it its number, those who asked read that their matter was raised.
    office = person().signs_in_as("office")
    office.opens_the_task("代表工委审查")
    office.chooses("立案")
    office.chooses("水利")
    office.submits()
    assert office.sees("闭会第1号建议")
    while jobs.run_due(now=timezone.now(), limit=100):
        pass
    deputy.page.goto(f"/cases/{matters[1].public_id}/")
    assert deputy.sees("代表据此提出了建议：")
    assert deputy.sees_all_of_it()
