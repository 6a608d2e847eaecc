"""A handler's day: who does what, one entry for several matters, a colleague's opinion, words that wait, a stand-in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.cases.models import Consultation, ProgressNote, Task
from huiyin.core import time_source
from huiyin.directory.models import Account, Delegation, Person, Post
from huiyin.directory.roles import Role
from tests.e2e.conftest import PASSWORD
from tests.web.playing import play_until, publish

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
COLLEAGUE = "顾同事"
SEEN = "已会同属地现场踏勘，方案本月内确定。"


@pytest.fixture
def three(site, town) -> list[Task]:
    """Given three suggestions are being handled by unit a, in which a colleague works too."""
    definition = publish(town)
    cases = [play_until(town, "work", definition=definition) for _n in range(3)]
    other = Person.objects.create(jurisdiction=town.jurisdiction, name=COLLEAGUE, pinyin="gutongshi")
    unit = town.units["a"]
    Post.objects.create(person=other, role=Role.HANDLER, unit=unit, place=unit.place, from_on="2020-01-01")
    account = Account(username="colleague", person=other)
    account.set_password(PASSWORD)
    account.save()
    return [Task.objects.open().get(case=case, step_id="work") for case in cases]


def writes_once_for_two(handler, tasks: list[Task]) -> None:
    """One entry, with the list of the step kept in the address, and the tasks still open."""
    page = handler.page
    page.goto("/tasks/?step=work")
    assert handler.sees_all_of_it()
    for task in tasks:
        page.check(f"#t-{task.public_id}", force=True)
    page.locator("#together textarea[name='progress.text']").fill(SEEN)
    page.click("text=登记到所选的几件")
    assert handler.sees("进展已登记到 2 件。")
    assert "step=work" in page.url
    assert {note.case_id for note in ProgressNote.objects.filter(text=SEEN)} == {
        task.case_id for task in tasks
    }


def takes_one(handler, task: Task) -> None:
    handler.page.goto(f"/tasks/{task.public_id}/")
    handler.page.get_by_role("button", name="领取", exact=True).click()
    assert handler.sees("这项任务由您承办，同事都能看到。")


def asks_a_colleague(handler, colleague, task: Task) -> None:
    """加签: the question goes to the colleague's list, and the answer stands beside the task."""
    page = handler.page
    page.click("text=请人加签")
    page.select_option("#i-sign-to", label=COLLEAGUE)
    page.fill("#i-sign-words", "资金安排是否可行？")
    page.click("text=请求加签")
    page.wait_for_load_state()
    other = colleague.page
    other.goto("/tasks/")
    assert colleague.sees("资金安排是否可行？")
    other.get_by_role("link", name="加签", exact=True).click()
    colleague.chooses("有不同意见")
    colleague.submits()
    assert colleague.sees("有不同意见时请说明理由"), "a dissent without its words comes back"
    other.fill("#i-words", "本年度预算不足，建议分两年安排。")
    colleague.submits()
    page.goto(f"/tasks/{task.public_id}/")
    assert handler.sees("本年度预算不足，建议分两年安排。")
    assert Consultation.objects.get().agrees is False


def keeps_what_is_typed(handler, task: Task) -> None:
    page, field = handler.page, "#task-form textarea[name='progress.text']"
    page.fill(field, "正在编制方案，")
    page.click("text=暂存")
    page.wait_for_load_state()
    page.goto(f"/tasks/{task.public_id}/")
    assert page.input_value(field) == "正在编制方案，"


def goes_on_leave(handler, colleague) -> None:
    """What falls due is seen first; the colleague finds it apart, in the absent person's name."""
    page, today = handler.page, time_source.today()
    page.goto("/tasks/")
    page.click("text=请假与代办")
    page.fill("input[name=from]", today.isoformat())
    page.fill("input[name=last]", (today + timedelta(3)).isoformat())
    page.click("text=先看这段时间有什么到期")
    assert handler.sees("前到期的待办")
    page.select_option("#leave-cover", label=COLLEAGUE)
    page.click("main .btn-primary")
    assert handler.sees(COLLEAGUE)
    assert Delegation.objects.get().to.name == COLLEAGUE
    colleague.page.goto("/tasks/")
    colleague.page.locator(".queues a", has_text="替").first.click()
    colleague.page.wait_for_load_state()
    assert colleague.page.locator("#task-list tbody tr").count() == 1


@SIZES
def test_a_handlers_day(person, town, three, phone):
    handler = person(phone=phone).signs_in_as("a")
    colleague = person(phone=phone).signs_in_as("colleague")
    # When one entry serves two matters, one of three is taken, and a colleague is asked about it
    writes_once_for_two(handler, three[:2])
    takes_one(handler, three[0])
    asks_a_colleague(handler, colleague, three[0])
    # Then words that were not sent wait, and the list can be taken along as a file
    keeps_what_is_typed(handler, three[0])
    handler.page.goto("/tasks/?step=work")
    export = handler.page.get_by_role("link", name="导出").get_attribute("href")
    assert (
        handler.page.request.get(f"/tasks/{export}" if export.startswith("?") else export).body()[:2] == b"PK"
    )
    # And who goes on leave leaves nothing behind
    goes_on_leave(handler, colleague)
    assert handler.sees_all_of_it()
    assert colleague.sees_all_of_it()
