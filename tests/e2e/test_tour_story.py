"""Somebody who has never seen it is led from the report to the second round by the demo's tour alone."""

from __future__ import annotations

import pytest

from huiyin.directory.models import Account

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
    visitor.page.click("text=开始导览")
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
