"""The days of the government office and of a station, each at a desk and on a telephone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Delivery, Objection, Task
from huiyin.definitions.models import Definition
from huiyin.lifecycle.scenarios import moment
from tests.e2e.test_matter_story import a_photo
from tests.web import conftest as playing
from tests.web.playing import do, play_until, publish

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])


@pytest.fixture
def suggestion(site, town):
    return publish(town)


@SIZES
def test_the_government_office_proposes_by_what_happened_before_and_rules_on_an_objection(
    person, town, suggestion, phone
):
    # Given one suggestion of the kind was answered, one is new, and unit a says of a third that it is another's
    done = play_until(town, "rate", definition=suggestion)
    play_until(town, "propose", definition=suggestion)
    objected = play_until(town, "sign", definition=suggestion)
    reason = {"reason": "管网改造由供水公司负责。", "suggest": "@unit.c"}
    do(town, objected, "sign", {"sign": "object", "objection": reason}, moment("2026-02-03 09:00"), "a")
    task = Task.objects.open().get(case=objected, step_id="ruling")
    who = {"congress_office": "office", "government_office": "government"}[task.role]
    # When the office opens the grid of its step, the units that handled such matters stand beside the row
    office = person(phone=phone).signs_in_as("government")
    office.page.goto("/desk/propose/")
    assert office.sees("办过类似事项的单位")
    assert office.sees(done.assignments.get(part="lead").unit.name)
    assert office.sees_all_of_it()
    office.page.locator("select[name$='units.lead']").last.select_option(label="c局")
    office.page.locator(".grid-row button[name=save]").first.click()
    assert office.sees("已办理 1 件。")
    # Then the objection is ruled on with the rule beside it; a refusal without its reason comes back.
    ruling = person(phone=phone).signs_in_as(who)
    ruling.page.goto("/desk/ruling/")
    assert ruling.sees("管网改造由供水公司负责。")
    assert ruling.sees("第14条")
    ruling.page.locator("input[name$='ruling.decision'][value=refused]").first.check(force=True)
    ruling.page.locator(".grid-row button[name=save]").first.click()
    ruling.page.locator("[name$='ruling.reason']").first.fill("属于你单位职责。")
    ruling.page.locator(".grid-row button[name=save]").first.click()
    assert ruling.sees("已办理 1 件。")
    assert Objection.objects.get(case=objected).upheld is False


@pytest.fixture
def answered(site, town) -> Case:
    """A matter of somebody without a telephone of his own, answered."""
    definition = Definition.objects.get(process="matter")
    case = services.start_case(
        definition=definition, answers=playing.REPORT, place=town.place, now=timezone.now()
    )
    playing.handled(case, town)
    playing.complete(case, town, "work", {"progress": {"text": "更换灯具两盏"}})
    reply = {"result": "done", "text": "已更换灯具两盏，恢复照明。"}
    playing.complete(case, town, "reply", {"reply": reply})
    return case


def enters(station, words: str, then: str = "") -> None:
    page = station.page
    page.fill("#i-words", words)
    page.click(f"button[name=then][value={then}]" if then else "main form .btn-primary")
    page.wait_for_load_state()


@SIZES
def test_a_station_enters_a_sheet_finds_a_receipt_and_hands_out_an_answer(person, town, answered, phone):
    station = person(phone=phone).signs_in_as("station")
    page = station.page
    # Given somebody brings one sheet with two matters
    page.click("header >> text=登记")
    page.select_option("#intake-place", label="试跑镇试跑网格")
    page.check("input[name='transcription.way'][value=paper]", force=True)
    page.set_input_files("input[type=file] >> nth=0", [a_photo("sheet.jpg")])
    page.fill("input[name=name]", "周全")
    page.fill("input[name=phone]", "13800005678")
    enters(station, "村口的桥栏断了一截，孩子上学要走，请来修。", "next")
    # When the next matter is entered, who came stands there already
    assert page.input_value("input[name=name]") == "周全"
    enters(station, "桥头的路灯也不亮，晚上看不清路。")
    assert Case.objects.filter(source="station").count() == 2
    # Then a lost receipt is found by the telephone, however it is written
    page.goto("/intake/lost/")
    page.fill("#lost-phone", "138 0000-0000")
    page.click("main form .btn-primary")
    assert station.sees(answered.number)
    assert station.sees_all_of_it()
    # And the answer is printed and handed over, which the record says.
    page.click(f"a.title[href='/cases/{answered.public_id}/']")
    page.click("text=答复单")
    page.wait_for_load_state()
    assert "已更换灯具两盏" in page.inner_text("body")
    page.go_back()
    page.click("#deliver summary")
    page.select_option("#dl-way", "hand")
    page.locator("#deliver [name=to]").fill("本人")
    page.locator("#deliver button").click()
    page.wait_for_load_state()
    assert Delivery.objects.get().case == answered
    assert station.sees("交给：本人")
