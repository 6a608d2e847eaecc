"""
The head's ten minutes: fourteen replies wait for a signature, thirteen are signed and one goes back with a mark.

At a desk all fourteen, on a telephone seven; what every reply costs is counted.
"""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case, DraftReview, Task
from huiyin.core import time_source
from tests.e2e.hands import Hands
from tests.e2e.test_suggestion_story import SELECT
from tests.web.playing import do, play_until, publish

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize(("replies", "phone"), [(14, False), (7, True)], ids=["desk", "phone"])
#: What is hollow in the one that goes back, and what is said of it.
PASSAGE, MARK = "已列入今年计划并完成施工", "写明哪一天完工"
#: The reply as it comes back, by the step at which it is passed on.
AGAIN = {"result": "done", "asks": [{"ask": 1, "result": "done", "text": "已于十月十日完工，水压稳定。"}]}


@pytest.fixture
def suggestion(site, town):
    return publish(town)


@pytest.fixture
def waiting(town, suggestion, replies) -> list[Case]:
    """Replies that wait for the head of unit a; the last one was returned to its drafter on the way."""
    cases = [play_until(town, "issue", definition=suggestion) for _n in range(replies - 1)]
    return [*cases, play_until(town, "issue", definition=suggestion, number=1)]


def value(hands: Hands, name: str) -> str:
    return hands.page.locator(f"[name='issuing.{name}']").first.input_value()


def sees(hands: Hands, *texts: str) -> bool:
    shown = hands.page.inner_text("main")
    return all(text in shown for text in texts)


def reads_and_signs_the_first(head: Hands) -> None:
    """
    Given the first: ask and answer side by side, class, what the others said, the talk with the deputy, whom to call. A
    number that is forgotten is said, with the rest kept.
    """
    assert sees(head, "年内完成老城区主管网改造", PASSAGE, "沟通记录", "协办意见", "联系人")
    assert head.page.locator(".class-letter").inner_text() == "A"
    head.ticks("main label.choice:has-text('签发')")
    head.fills("input[name='issuing.document_number']", "")
    head.clicks("button[name=then]")
    assert value(head, "signed_by")
    number = f"岚水利〔{time_source.today().year}〕12号"
    head.fills("input[name='issuing.document_number']", number)
    head.clicks("button[name=then]")


def signs_the_next(head: Hands, number: int) -> None:
    """When the next comes by itself, numbered on and signed by the same person, a choice and a click sign it."""
    today = time_source.today()
    assert value(head, "document_number") == f"岚水利〔{today.year}〕{number}号"
    assert value(head, "signed_on") == today.isoformat()
    before = head.actions
    head.ticks("main label.choice:has-text('签发')")
    head.clicks("button[name=then]")
    assert head.actions - before == 2
    assert "「主要负责人签发」已提交" in head.page.inner_text("body")


def returns_the_hollow_one(head: Hands) -> None:
    """And the last one shows what was changed since it was returned before; it goes back with a mark at its words."""
    assert sees(head, "与上一稿相比的改动", "第 2 稿")
    head.page.evaluate(SELECT, PASSAGE)
    head.ticks("button[data-mark]")
    assert value(head, "marks.passage") == PASSAGE
    head.fills("textarea[name='issuing.marks.words']", MARK)
    head.ticks("main label.choice:has-text('退回')")
    head.clicks("#task-form .btn-primary")
    assert "已退回修改" in head.page.inner_text("body")


@SIZES
def test_a_head_signs_what_is_good_and_sends_the_hollow_one_back(person, town, waiting, replies, phone):
    head = Hands(person(phone=phone).signs_in_as("a-head").page)
    hollow = waiting[-1]
    head.clicks("table.list tbody tr:has-text('主要负责人签发') >> text=办理")
    reads_and_signs_the_first(head)
    for number in range(13, 11 + replies):
        signs_the_next(head, number)
    returns_the_hollow_one(head)
    # Then all others lie with the office, numbered without a gap; the hollow one lies with its drafter, marked.
    year = time_source.today().year
    steps = dict(Task.objects.open().values_list("case_id", "step_id"))
    assert steps == {case.pk: "inspect" for case in waiting[:-1]} | {hollow.pk: "draft"}
    numbers = {case.replydraft_rows.latest("version").document_number for case in waiting[:-1]}
    assert numbers == {f"岚水利〔{year}〕{number}号" for number in range(12, 11 + replies)}
    assert head.actions / replies <= 3
    assert not head.too_wide
    # And when it comes back, the mark is still on the version that it was made on.
    comes_back(person, town, hollow, phone)


def comes_back(person, town, hollow: Case, phone: bool) -> None:
    drafter = Hands(person(phone=phone).signs_in_as("a").page)
    drafter.clicks("table.list tbody tr:has-text('拟稿') >> text=办理")
    assert drafter.page.inner_text("mark") == PASSAGE
    assert sees(drafter, MARK)
    passed = {"review": {"decision": "pass"}}
    for step, answers in (
        ("draft", {"reply_draft": AGAIN}),
        ("check", passed),
        ("cosign", passed),
        ("review", passed),
    ):
        do(town, hollow, step, answers, time_source.now(), key="again")
    head = Hands(person(phone=phone).signs_in_as("a-head").page)
    head.clicks("table.list tbody tr:has-text('主要负责人签发') >> text=办理")
    assert head.page.locator("ins", has_text="十月十日完工").count()
    head.ticks(f"summary:has-text('第 {hollow.replydraft_rows.count() - 1} 稿')")
    assert sees(head, MARK)
    assert head.page.locator("mark").inner_text() == PASSAGE
    marked = DraftReview.objects.get(draft__case=hollow, step_id="issue")
    assert marked.draft.version == hollow.replydraft_rows.count() - 1
    assert not head.too_wide + drafter.too_wide
