"""What a handler types is kept by the page itself, and waits when the window was closed."""

from __future__ import annotations

import pytest

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at
from tests.e2e.test_matter_story import hand_over, report

pytestmark = pytest.mark.browser

WORDS = "已到现场查看，需要更换灯具两盏，"


def test_typed_words_wait_when_the_window_was_closed(person):
    # Given a matter that unit a has signed for
    report(person(phone=True, scripts=False))
    hand_over(person().signs_in_as("office"))
    gao = person().signs_in_as("a")
    gao.opens_the_task("签收")
    gao.submits()
    # When Gao types and leaves without sending
    page = gao.page
    page.locator("main form textarea[name='progress.text']").first.fill(WORDS)
    page.locator(".saved", has_text="已自动暂存").wait_for()
    address = page.url
    page.goto("/cases/")
    # Then the words are there again, and can be thrown away
    page.goto(address)
    assert page.locator("main form textarea[name='progress.text']").first.input_value() == WORDS
    page.once("dialog", lambda asks: asks.accept())
    page.click("text=清除，重新填写")
    page.wait_for_load_state()
    assert page.locator("main form textarea[name='progress.text']").first.input_value() == ""
    # When he types and sends the progress beside it in the same breath
    page.locator("#task-form textarea[name='progress.text']").fill(WORDS)
    page.get_by_text("先填报阶段进展（任务不结束）").click()
    beside = page.locator("form[action$='/progress/']")
    beside.locator("textarea[name='progress.text']").fill("灯具已到货。")
    beside.locator("button").click()
    page.get_by_text("进展已登记").wait_for()
    # Then his words stand where they were, and what he sends next is the task
    assert page.locator("#task-form textarea[name='progress.text']").input_value() == WORDS
    assert page.locator("#task-form").get_attribute("action") == address.removeprefix(gao.site)
    # When he types into the form beside it and leaves the page at once
    page.get_by_text("先填报阶段进展（任务不结束）").click()
    beside.locator("textarea[name='progress.text']").fill("明天安装。")
    page.goto("/cases/")
    # Then those words wait there as well
    page.goto(address)
    assert beside.locator("textarea[name='progress.text']").input_value() == "明天安装。"


def test_a_deputys_first_lines_wait_before_there_is_a_suggestion(person, town):
    # Given a deputy who has begun a suggestion on the phone
    storing.store(
        bundles.read("suggestion"), town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00")
    )
    deputy = person(phone=True).signs_in_as("deputy")
    page = deputy.page
    page.goto("/start/suggestion/")
    # When the page is left at once
    page.fill("#i-title", "关于更换老桥路灯的")
    page.goto("/cases/")
    # Then it stands there at the desk too, and is thrown away with one button
    other = person().signs_in_as("deputy").page
    other.goto("/start/suggestion/")
    assert other.locator("#i-title").input_value() == "关于更换老桥路灯的"
    other.once("dialog", lambda asks: asks.dismiss())
    other.click("text=清除，重新填写")
    assert other.locator("#i-title").input_value() == "关于更换老桥路灯的"
    other.once("dialog", lambda asks: asks.accept())
    other.click("text=清除，重新填写")
    other.wait_for_selector("text=暂存的内容已清除")
    assert other.locator("#i-title").input_value() == ""
