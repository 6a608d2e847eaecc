"""What a handler types is kept by the page itself, and waits when the window was closed."""

from __future__ import annotations

import pytest

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
