"""Somebody who has never seen it is led from the report to the second round by the demo's tour alone."""

from __future__ import annotations

import pytest

from huiyin.core import time_source
from huiyin.directory.models import Account
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(person, settings):
    settings.DEMO = True
    Account.objects.update(is_demo=True)
    return person(phone=True)


def goes_on(visitor, expected: str) -> None:
    """Read the strip and press its button, if it has one."""
    strip = visitor.page.inner_text(".tour")
    assert expected in strip, strip
    if visitor.page.locator(".tour .go").count():
        visitor.page.click(".tour .go")
        visitor.page.wait_for_load_state()


def sends(visitor) -> None:
    visitor.page.locator("main form .btn-primary").first.click()
    visitor.page.wait_for_load_state()


def is_handled(visitor, words: str) -> None:
    goes_on(visitor, "签收")
    visitor.chooses("签收")
    sends(visitor)
    goes_on(visitor, "办理")
    visitor.page.locator("main form textarea[name='progress.text']").first.fill(words)
    sends(visitor)
    goes_on(visitor, "答复")
    visitor.chooses("已解决")
    visitor.page.fill("#i-reply-text", f"您反映的问题收悉。{words}")
    sends(visitor)


def test_the_tour_leads_from_the_report_into_the_second_round(visitor):
    # Given somebody opens the demo and presses the first button
    visitor.page.goto("/")
    visitor.page.click("text=群众反映一件事")
    goes_on(visitor, "先以群众的身份反映一件事")
    visitor.page.fill("#i-words", "村口的路灯坏了半个月，晚上看不清路。")
    sends(visitor)
    # When they do what the strip says, as whoever it makes them
    goes_on(visitor, "筛查")
    visitor.chooses("受理")
    sends(visitor)
    goes_on(visitor, "交办")
    visitor.chooses("交有关单位办理")
    visitor.page.select_option("#i-units-lead", label="a局")
    sends(visitor)
    is_handled(visitor, "已更换灯泡一只。")
    goes_on(visitor, "轮到反映的人")
    visitor.chooses("不满意")
    visitor.page.fill("#i-rating-words", "只换了灯泡，两天后又灭了。")
    sends(visitor)
    # Then the matter comes back, and goes round once more
    goes_on(visitor, "研究重办")
    assert visitor.sees("只换了灯泡，两天后又灭了。")
    visitor.page.fill("#i-finding", "线路没有更换。")
    visitor.chooses("交有关单位办理")
    sends(visitor)
    goes_on(visitor, "签收")
    assert visitor.sees("第 2 次办理")


@pytest.fixture
def suggestion(site, town):
    """The process is published beside that of the matters."""
    bundle = bundles.read("suggestion")
    return storing.store(bundle, town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00"))


def is_drafted(visitor) -> None:
    goes_on(visitor, "先以代表")
    visitor.page.fill("#i-title", "关于修复村口老桥路灯的建议")
    visitor.page.fill("#i-words", "村口老桥的路灯坏了半年，群众夜间出行不便，反映强烈。")
    visitor.page.locator("textarea[name=asks]").first.fill("年内修复全部路灯")
    sends(visitor)
    goes_on(visitor, "征集附议、提交")
    visitor.chooses("提交审查")
    visitor.page.check("input[name='signatures.confirmed']")
    sends(visitor)


def is_handed_over(visitor, today: str) -> None:
    goes_on(visitor, "代表工委审查")
    visitor.chooses("立案")
    visitor.chooses("交通建设")
    sends(visitor)
    goes_on(visitor, "拟办")
    visitor.page.select_option("#i-units-lead", label="a局")
    sends(visitor)
    goes_on(visitor, "拟办意见")
    visitor.chooses("同意承办")
    sends(visitor)
    goes_on(visitor, "交办")
    visitor.page.fill("input[name='handover.on']", today)
    sends(visitor)
    goes_on(visitor, "分办")
    sends(visitor)


def is_replied_to(visitor, today: str) -> None:
    goes_on(visitor, "签收")
    sends(visitor)
    goes_on(visitor, "主办办理")
    visitor.chooses("上门")
    visitor.page.fill("input[name='contact.on']", today)
    visitor.page.fill("textarea[name='contact.text']", "登门面商，听取意见。")
    visitor.page.locator("textarea[name='progress.text']").first.fill("已更换灯泡二十只。")
    sends(visitor)
    goes_on(visitor, "拟稿")
    visitor.page.check("input[name='reply_draft.result'][value=done]")
    visitor.page.check("input[name='reply_draft.result.1'][value=done]")
    visitor.page.fill("textarea[name='reply_draft.text.1']", "路灯已经全部修复。")
    sends(visitor)
    for step in ("办公室核稿", "分管负责人审核"):  # by another than the one who wrote the draft
        goes_on(visitor, step)
        visitor.page.check("input[name='review.decision'][value=pass]")
        sends(visitor)
    goes_on(visitor, "主要负责人签发")
    visitor.chooses("签发")
    visitor.page.fill("input[name='issuing.document_number']", "试交〔2026〕1号")
    visitor.page.fill("input[name='issuing.signed_by']", "高局")
    visitor.page.fill("input[name='issuing.signed_on']", today)
    sends(visitor)
    goes_on(visitor, "交办机构审查")
    visitor.page.check("input[name='review.decision'][value=pass]")
    sends(visitor)
    goes_on(visitor, "送达答复")
    visitor.page.fill("input[name='delivery.on']", today)
    visitor.page.check("input[name='delivery.way'][value=site]")
    sends(visitor)


def test_the_other_tour_leads_from_the_draft_over_the_signature_into_the_second_round(visitor, suggestion):
    # Given somebody would rather see a deputy's suggestion
    today = time_source.today().isoformat()
    visitor.page.goto("/")
    visitor.page.click("text=代表提一件建议")
    # When they do what the strip says, as the deputy, the offices, the unit and its head
    is_drafted(visitor)
    is_handed_over(visitor, today)
    is_replied_to(visitor, today)
    goes_on(visitor, "代表评价")
    visitor.page.check("input[name='rating.result'][value=dissatisfied]")
    visitor.page.check("input[name='rating.settled.1'][value=no]")
    visitor.page.fill("textarea[name='rating.words']", "只换了灯泡，线路没有修。")
    sends(visitor)
    # Then it is to be handled again
    goes_on(visitor, "研究重办")
    assert visitor.sees("只换了灯泡，线路没有修。")
