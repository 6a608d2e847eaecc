"""A suggestion from its draft through 不满意 and a second round to 满意, and a bureau's reply chain, as the people themselves."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at

pytestmark = pytest.mark.browser

TITLE = "关于加快试跑镇供水管网改造的建议"
WORDS = "老城区供水管网建成三十余年，爆管频发，居民用水得不到保障，群众反映强烈。"


@pytest.fixture
def suggestion(site, town):
    """The process is published beside that of the matters."""
    bundle = bundles.read("suggestion")
    return storing.store(bundle, town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00"))


def draft(deputy) -> None:
    """Given a deputy writes two asks, leaves out the background, and is told so with every word kept."""
    page = deputy.page
    page.click("header >> text=提出建议")
    page.fill("#i-title", TITLE)
    asks = page.locator("textarea[name=asks]")
    asks.nth(0).fill("年内完成主管网改造")
    asks.nth(1).fill("公布停水安排和改造计划")
    deputy.submits()
    assert deputy.sees("请填写“案由与情况”")
    assert page.locator("textarea[name=asks]").nth(1).input_value() == "公布停水安排和改造计划"
    page.fill("#i-words", WORDS)
    deputy.submits()
    assert deputy.sees("已保存为草稿")
    deputy.chooses("提交审查")
    page.check("input[name='signatures.confirmed']")
    deputy.submits()


def screen(office) -> None:
    """When the office accepts it, it has its official number."""
    office.opens_the_task("代表工委审查")
    office.chooses("立案")
    office.chooses("水利")
    office.submits()
    assert office.page.locator("text=试跑镇十七届人大闭会第1号建议").count()


def hand_over(office, government, unit) -> None:
    """And the government proposes unit c, which agrees; the office hands over, the government assigns."""
    government.opens_the_task("拟办")
    government.page.select_option("#i-units-lead", label="c局")
    government.submits()
    unit.opens_the_task("拟办意见")
    unit.chooses("同意承办")
    unit.submits()
    office.opens_the_task("交办")
    office.page.fill("input[name='handover.on']", time_source.today().isoformat())
    office.submits()
    government.opens_the_task("分办")
    government.submits()


def handle(unit, head, office, words: str) -> None:
    """And unit c signs, records the contact, answers ask by ask; its head issues, the office inspects, it is delivered."""
    today = time_source.today().isoformat()
    unit.opens_the_task("签收")
    unit.submits()
    page = unit.page
    unit.opens_the_task("主办办理")
    page.locator("label.choice", has_text="上门").first.click()
    page.fill("input[name='contact.on']", today)
    page.fill("textarea[name='contact.text']", "登门面商，听取意见。")
    page.locator("textarea[name='progress.text']").first.fill(words)
    unit.submits()
    unit.opens_the_task("拟稿")
    page.check("input[name='reply_draft.result'][value=done]")
    page.check("input[name='reply_draft.result.1'][value=done]")
    page.fill("textarea[name='reply_draft.text.1']", words)
    unit.submits()
    # One ask is still open: the refusal names it, and the other answer is kept.
    assert unit.sees("诉求 2")
    assert page.input_value("textarea[name='reply_draft.text.1']") == words
    page.check("input[name='reply_draft.result.2'][value=done]")
    page.fill("textarea[name='reply_draft.text.2']", "停水安排已公布。")
    unit.submits()
    head.opens_the_task("主要负责人签发")
    assert head.sees(words)
    head.chooses("签发")
    head.page.fill("input[name='issuing.document_number']", "试水〔2026〕1号")
    head.page.fill("input[name='issuing.signed_by']", "高局")
    head.page.fill("input[name='issuing.signed_on']", today)
    head.submits()
    office.opens_the_task("交办机构审查")
    office.page.check("input[name='review.decision'][value=pass]")
    office.submits()
    unit.opens_the_task("送达答复")
    page.fill("input[name='delivery.on']", today)
    page.check("input[name='delivery.way'][value=site]")
    unit.submits()


def rate(deputy, result: str, words: str = "") -> None:
    deputy.opens_the_task("代表评价")
    page = deputy.page
    page.check(f"input[name='rating.result'][value={result}]")
    for ask in (1, 2):
        page.check(f"input[name='rating.settled.{ask}'][value={'yes' if result == 'satisfied' else 'no'}]")
    if words:
        page.fill("textarea[name='rating.words']", words)
    deputy.submits()


def test_goes_from_the_draft_to_the_second_rating(person, suggestion):
    deputy = person().signs_in_as("deputy")
    draft(deputy)
    office, government = person().signs_in_as("office"), person().signs_in_as("government")
    screen(office)
    unit, head = person().signs_in_as("c"), person().signs_in_as("c-head")
    hand_over(office, government, unit)
    handle(unit, head, office, "主管网改造方案已完成。")
    rate(deputy, "dissatisfied", "主管网没有动工。")
    office.opens_the_task("研究重办")
    office.page.fill("#i-finding", "施工没有按计划进行，代表要求明确时限。")
    office.page.select_option("#i-units-lead", label="c局")
    office.submits()
    handle(unit, head, office, "主管网已经通水。")
    rate(deputy, "satisfied")
    case = Case.objects.get()
    assert (case.round, case.outcome) == (2, "answered")
    deputy.page.goto(f"/cases/{case.public_id}/")
    for words in ("试水〔2026〕1号", "主管网没有动工。", "主管网已经通水。", "诉求"):
        assert deputy.sees(words)
    letter = deputy.page.request.get(f"/cases/{case.public_id}/letter/2/")
    assert letter.status == 200
    assert letter.body()[:2] == b"PK"


@pytest.fixture
def drafted(suggestion, town):
    """A suggestion whose lead unit a has drafted its reply; every step of the chain is on."""
    now = timezone.now()
    deputy = town.actors["deputy"]
    today = time_source.today().isoformat()
    case = services.start_case(
        definition=suggestion,
        answers={"title": TITLE, "words": WORDS, "asks": ["年内完成主管网改造"]},
        place=town.place.parent,
        by=deputy,
        asker=deputy.person,
        now=now,
    )
    point = {"ask": 1, "result": "done", "text": "主管网改造已经完成。"}
    contact = {"way": "visit", "on": today, "text": "登门面商。"}
    acts = [
        ("submit", {"next": "submit", "signatures": {"confirmed": True}}),
        ("screen", {"screening": "accept", "register": {"category": "water"}}),
        ("propose", {"units": {"lead": "@unit.a"}}),
        ("preview", {"opinion": "agree"}),
        ("hand_over", {"handover": {"on": today}}),
        ("assign", {"plan": "keep"}),
        ("sign", {"sign": "accept"}),
        ("work", {"contact": contact, "progress": {"text": "已完成改造。"}, "working": "done"}),
        ("draft", {"reply_draft": {"result": "done", "asks": [point]}}),
    ]
    for step, answers in acts:
        task = Task.objects.open().select_related("case__reporter").get(case=case, step_id=step)
        services.complete_task(
            task=task, answers=town.resolve(answers), by=town.actor_for(task), now=now, key=task.key
        )
    return case


#: Some words of the draft, selected as by a mouse.
SELECT = """(words) => {
    const range = document.createRange();
    const texts = document.createTreeWalker(document.querySelector("[data-passage]"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.data.indexOf(words);
        if (at < 0) continue;
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + words.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }
}"""


def test_a_returned_draft_comes_back_with_its_words_and_the_remarks(person, drafted):
    head = person().signs_in_as("a-head")
    head.opens_the_task("办公室核稿")
    page = head.page
    page.check("input[name='review.decision'][value=return]")
    head.submits()
    assert head.sees("退回时请写明意见，或者在稿上批注")
    page.fill("textarea[name='review.remarks']", "请补充完成时限。")
    page.evaluate(SELECT, "已经完成")
    page.get_by_role("button", name="批注这一段").click()
    page.keyboard.type("写明月份")
    assert page.input_value("textarea[name='review.marks.passage'] >> nth=0") == "已经完成"
    head.submits()
    unit = person().signs_in_as("a")
    unit.opens_the_task("拟稿")
    assert unit.sees("请补充完成时限。")
    assert unit.page.inner_text("mark") == "已经完成"
    assert unit.sees("写明月份")
    assert unit.page.input_value("textarea[name='reply_draft.text.1']") == "主管网改造已经完成。"
    unit.page.fill("textarea[name='reply_draft.text.1']", "主管网改造已于十月完成。")
    unit.submits()
    for step in ("办公室核稿", "分管负责人审核"):
        head.opens_the_task(step)
        page.check("input[name='review.decision'][value=pass]")
        head.submits()
    head.opens_the_task("主要负责人签发")
    assert head.sees("主管网改造已于十月完成。")
    drafts = drafted.replydraft_rows.order_by("version")
    assert [draft.answers.get().text for draft in drafts] == [
        "主管网改造已经完成。",
        "主管网改造已于十月完成。",
    ]
