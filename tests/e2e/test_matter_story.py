"""A matter from the phone form through 不满意 and a second round to 满意, as five people."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

pytestmark = pytest.mark.browser


def a_photo(name: str) -> dict[str, object]:
    data = BytesIO()
    Image.new("RGB", (1200, 900), (90, 140, 110)).save(data, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


def report(zhou) -> tuple[str, str]:
    """Given Zhou stands at the bridge with a phone whose browser runs no scripts."""
    page = zhou.page
    page.goto("/")
    page.click("text=我要反映")
    page.click("text=试跑镇")
    page.click("text=试跑网格")
    page.fill("#i-words", "路灯坏了")
    page.fill("#i-phone", "13800000000")
    page.set_input_files("#i-photos", [a_photo("lamp.jpg")])
    zhou.submits()
    # A wrong answer names the field, and the words and the photo are kept.
    assert zhou.sees("“具体情况”至少 10 个字")
    assert page.input_value("#i-words") == "路灯坏了"
    assert zhou.sees("已上传的第 1 件")
    page.fill("#i-words", "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。")
    zhou.submits()
    assert zhou.sees("已收到您的反映")
    return page.inner_text(".number"), page.inner_text(".code")


def hand_over(lin) -> None:
    """When Lin of the congress office accepts it and hands it to unit a, with a deputy who follows it."""
    lin.opens_the_task("筛查")
    lin.submits()
    assert lin.sees("请选择“如何处置”")
    lin.chooses("受理")
    lin.submits()
    lin.chooses("交有关单位办理")
    lin.page.select_option("#i-units-lead", label="a局")
    lin.page.select_option("#i-deputy", index=1)
    lin.submits()
    assert lin.sees("主办：a局")


def handle(gao, words: str, *, again: bool = False) -> None:
    """And Gao of unit a signs for it, reports with a photo, and answers."""
    gao.opens_the_task("签收")
    gao.submits()
    page = gao.page
    if not again:
        page.click("text=先填报阶段进展（任务不结束）")
        form = page.locator("details form[action$='/progress/']")
        form.locator("input[name='progress.stage']").fill("现场踏勘")
        form.locator("textarea[name='progress.text']").fill("到现场查看，需要更换线路。")
        form.locator("input[type=file]").set_input_files([a_photo("visit.jpg")])
        form.locator("button").click()
        page.wait_for_load_state()
        assert gao.sees("进展已登记")
    page.locator("main form textarea[name='progress.text']").first.fill(words)
    gao.submits()
    gao.chooses("已解决")
    page.fill("#i-reply-text", f"您反映的问题收悉。{words}")
    gao.submits()
    assert gao.sees(words)


def rate(rater, result: str, words: str = "") -> None:
    rater.chooses(result)
    if words:
        rater.page.fill("#i-rating-words", words)
    rater.submits()


def test_goes_from_the_phone_through_a_second_round_to_satisfied(person):
    zhou = person(phone=True, scripts=False)
    number, code = report(zhou)
    lin = person().signs_in_as("office")
    hand_over(lin)
    gao = person().signs_in_as("a")
    handle(gao, "已更换灯泡一只。")

    # Then Zhou follows it from a desk with number and code, and is not satisfied.
    home = person()
    home.page.goto("/follow/")
    home.page.fill("#number", number)
    home.page.fill("#code", "wrongcode")
    home.submits()
    assert home.sees("没有找到")
    home.page.fill("#code", f" {code.upper()} ")
    home.submits()
    assert home.sees("现场踏勘")
    assert home.page.locator(".photos img").count() >= 2
    assert home.sees_all_of_it()
    rate(home, "不满意", "只换了灯泡，线路没有修，两天后又灭了。")
    assert home.sees("已收到。您评价为不满意")

    tao = person(phone=True).signs_in_as("deputy")
    tao.opens_the_task("代表评价")
    rate(tao, "基本满意")

    # The office studies it and hands it over again; the handler sees the asker's words.
    lin.opens_the_task("研究重办")
    assert lin.sees("只换了灯泡，线路没有修")
    lin.page.fill("#i-finding", "线路老化没有更换，反映人不满意。")
    lin.chooses("交有关单位办理")
    lin.submits()
    gao.opens_the_task("签收")
    assert gao.sees("只换了灯泡，线路没有修")
    handle(gao, "已更换全部线路和灯具。", again=True)

    home.page.reload()
    assert home.sees("第 2 次办理")
    rate(home, "满意", "这次修好了，谢谢！")
    tao.opens_the_task("代表评价")
    rate(tao, "满意")
    home.page.reload()
    assert home.sees("已办结")
    assert home.sees("问题没有真正解决？")

    # And the supervisor finds the whole story on one page.
    chen = person().signs_in_as("supervisor")
    chen.page.goto(f"/cases/?q={number}")
    chen.page.click("a.title")
    assert chen.sees("已办结")
    assert chen.sees("第 1 次办理")
    assert chen.sees("这次修好了")
    chen.page.wait_for_selector(".diagram .djs-element.step-done")
    chen.page.wait_for_selector(".bjs-powered-by")


def test_two_windows_on_one_task_end_in_a_sentence_and_the_words_are_kept(person):
    report(person(phone=True, scripts=False))
    lin = person().signs_in_as("office")
    first = lin.opens_the_task("筛查")
    second = lin.context.new_page()
    second.goto(first.url)
    second.locator("main label.choice", has_text="退回").click()
    second.fill("#i-reason", "属于物业合同纠纷，请向社区调解委员会提出。")
    lin.chooses("受理")
    lin.submits()
    second.locator("main form .btn-primary").first.click()
    second.wait_for_load_state()
    assert "已经办结或收回" in second.inner_text("main")
    assert second.input_value("#i-reason") == "属于物业合同纠纷，请向社区调解委员会提出。"


def test_another_office_does_not_find_the_matter(person):
    number, _code = report(person(phone=True, scripts=False))
    stranger = person().signs_in_as("b")
    stranger.page.goto(f"/cases/?q={number}")
    assert stranger.sees("没有符合条件的案件")
    answer = stranger.page.goto("/overdue/")
    assert answer is not None
    assert answer.status == 403
