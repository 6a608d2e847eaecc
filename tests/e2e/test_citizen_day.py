"""A citizen's day on a telephone without scripts: scan, report, see what is alike, follow, add, rate, 没解决."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huiyin.cases import services as cases
from huiyin.cases.models import Task
from huiyin.definitions.models import Definition
from huiyin.directory.models import Unit
from huiyin.opinion import services as opinion
from huiyin.web import doors
from tests.e2e.test_matter_story import a_photo, hand_over, handle, rate

pytestmark = pytest.mark.browser

WORDS = "老桥路灯不亮了，昨晚有人摔倒，请尽快修好。"


@pytest.fixture
def published(site, town):
    """A neighbour's matter of the same lamp, taken up and published by the office."""
    definition, now = Definition.objects.get(process="matter"), timezone.now()
    answers = {"category": "road", "words": "村口老桥的路灯坏了一个多月，晚上看不清路。"}
    case = cases.start_case(definition=definition, answers=answers, place=town.place, now=now)
    task = Task.objects.open().get(case=case)
    office = town.actors["office"]
    cases.complete_task(task=task, answers={"screening": "accept"}, by=office, now=now, key="k")
    text = {"title": "村口老桥路灯坏了", "words": "老桥的路灯坏了一个多月，晚上看不清路。"}
    return opinion.publish_case(case=case, by=office, now=now, **text)


def scan(zhou, town):
    """Given a code on the door of stairway 2, signed by this installation, with a deputy's name on it."""
    deputy = town.actors["deputy"].person
    door = doors.Door(town.place.public_id, "3号楼2单元", deputy.public_id)
    zhou.page.goto(f"/c/{doors.token_of(door)}/")
    assert zhou.page.input_value("#i-where") == "3号楼2单元"
    assert zhou.page.input_value("#i-deputy") == deputy.public_id
    assert zhou.page.locator('main a[href="tel:110"]').count() == 1


@pytest.mark.parametrize(
    ("phone", "scripts"), [(True, False), (False, True)], ids=["phone_without_scripts", "desk"]
)
def test_is_lived_from_the_code_on_the_door_to_a_second_round(person, town, published, phone, scripts):
    Unit.objects.filter(kind=Unit.Kind.STATION).update(telephone="0570-7654321")
    zhou = person(phone=phone, scripts=scripts)
    page = zhou.page
    scan(zhou, town)

    # When Zhou tells what is wrong, for an old neighbour, with a photo,
    page.fill("#i-words", WORDS)
    zhou.chooses("替别人反映")
    page.fill("#i-other_name", "魏长安")
    page.set_input_files("#i-photos", [a_photo("lamp.jpg")])
    zhou.submits()
    # Then the neighbour's matter is shown first; it is another lamp, and every word and the photo go on.
    assert zhou.sees("是不是同一件事？")
    assert zhou.sees("村口老桥路灯坏了")
    page.click("text=不是同一件，继续提交")
    page.wait_for_load_state()
    assert zhou.sees("已收到您的反映")
    assert "0570-7654321" in page.inner_text("footer")

    # And Zhou follows it, and adds what happened since.
    page.get_by_role("link", name="查看进度").click()
    page.locator("#more summary").click()
    page.fill("#i-more-more", "今天又有一位老人差点摔倒。")
    page.locator("#more button").click()
    page.wait_for_load_state()
    assert zhou.sees("已补充")
    assert zhou.sees("今天又有一位老人差点摔倒。")

    # When the office hands it over, the unit reads what was added, and answers.
    lin, gao = person().signs_in_as("office"), person().signs_in_as("a")
    hand_over(lin)
    handle(gao, "已更换灯泡一只。")

    # Then Zhou is asked to rate, and the handler reads why it is not satisfactory.
    page.reload()
    rate(zhou, "不满意", "只换了灯泡，线路没有修。")
    assert zhou.sees("已收到。您评价为不满意")
    tao = person(phone=True).signs_in_as("deputy")
    tao.opens_the_task("代表评价")
    rate(tao, "不满意")
    lin.opens_the_task("研究重办")
    assert lin.sees("只换了灯泡，线路没有修。")
    lin.page.fill("#i-finding", "线路老化没有更换。")
    lin.chooses("交有关单位办理")
    lin.submits()
    handle(gao, "已更换全部线路和灯具。", again=True)

    # And after the second round, closed as satisfactory, the lamp goes out again: 没解决 opens it once more.
    page.reload()
    rate(zhou, "满意")
    tao.opens_the_task("代表评价")
    rate(tao, "满意")
    page.reload()
    assert zhou.sees("已办结")
    page.click("text=问题没有真正解决？")
    form = page.locator("details[open] form").first
    form.locator("textarea").first.fill("三天后路灯又灭了，线路仍然有问题。")
    form.locator("button").click()
    page.wait_for_load_state()
    assert zhou.sees("已收到，谢谢您")
    page.reload()
    assert not zhou.sees("已办结")
    lin.page.goto("/tasks/")
    lin.page.locator("table.list tbody tr", has_text="路灯").get_by_role("link", name="办理").first.click()
    assert lin.sees("三天后路灯又灭了，线路仍然有问题。")


def test_meets_what_a_neighbour_has_reported_and_keeps_a_slip(person, town, published):
    zhou = person(phone=True, scripts=False)
    scan(zhou, town)
    zhou.page.fill("#i-words", WORDS)
    zhou.submits()
    zhou.page.get_by_role("button", name="我也遇到").click()
    zhou.page.wait_for_load_state()
    assert zhou.sees("已记下您也遇到")
    assert zhou.sees("1 人也遇到")
    zhou.page.click("text=查看这件事")
    assert zhou.sees("正在办理，答复后会在这里公开。")


def test_finds_a_deputy_of_the_own_place_and_turns_to_one(person):
    zhou = person(phone=True, scripts=False)
    zhou.page.goto("/")
    zhou.page.click("text=找我的代表")
    zhou.page.click("main >> text=试跑镇")
    zhou.page.click("main >> text=试跑网格")
    zhou.page.locator(".people a").first.click()
    assert zhou.page.input_value("#i-deputy")
    # A code that nobody signed leads on by hand.
    answer = zhou.page.goto("/c/nobody-signed-this/")
    assert answer is not None
    assert answer.status == 404
    zhou.page.click("text=选择地点并反映")
    assert zhou.sees("事情发生在哪里？")
