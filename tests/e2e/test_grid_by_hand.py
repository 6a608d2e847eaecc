"""The grid in a browser: what is chosen with one click, what is asked before words are lost, and how it works without scripts."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case, Completion, Task
from tests.web.playing import play_until, publish

pytestmark = pytest.mark.browser


@pytest.fixture
def suggestion(site, town):
    return publish(town)


def test_who_handled_such_a_matter_before_is_chosen_with_one_click(person, suggestion, town):
    lead = play_until(town, "rate", definition=suggestion).assignments.get(part="lead").unit
    play_until(town, "propose", definition=suggestion)
    page = person().signs_in_as("government").page
    page.goto("/desk/propose/")
    chosen = page.locator("[data-row] .cell-units select")
    chosen.select_option("")
    page.click("[data-choose]")
    assert chosen.input_value() == lead.public_id
    play_until(town, "assign", definition=suggestion)
    page.goto("/desk/assign/")
    assert page.locator("[data-choose]").is_hidden(), "the form says already who is meant"


def test_no_key_chooses_what_nobody_meant(person, suggestion, town):
    for _n in range(2):
        play_until(town, "propose", definition=suggestion)
    page = person().signs_in_as("government").page
    page.goto("/desk/propose/")
    chosen = page.locator("[data-row] .cell-units select").first
    before = chosen.input_value()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert chosen.input_value() == before, "an arrow goes to another row"
    play_until(town, "screen", definition=suggestion)
    page = person().signs_in_as("office").page
    page.goto("/desk/screen/")
    page.keyboard.press(page.locator("[data-letter]").nth(1).get_attribute("data-letter"))
    words = page.locator(".grid-row textarea:visible")
    assert all(one.input_value() == "" for one in words.all()), (
        "the letter is not typed into what is asked next"
    )


def test_an_offered_reason_is_changed_before_it_is_sent(person, suggestion, town):
    case = play_until(town, "screen", definition=suggestion)
    page = person().signs_in_as("office").page
    page.goto("/desk/screen/")
    page.locator(".decide label", has_text="退回修改").first.click()
    row = page.locator("[data-row]")
    offered, words = row.locator("[data-phrases]"), row.locator("textarea:visible")
    offered.select_option(index=1)
    first = words.input_value()
    offered.select_option(index=2)
    assert first
    assert first not in words.input_value(), "the next sentence takes the place of the one before"
    words.fill("")
    assert offered.input_value() == "", "what was emptied is not filled again on the way"
    offered.select_option(index=1)
    words.press("End")
    words.press_sequentially("请于周五前改好。")
    row.locator("[data-save]").click()
    page.wait_for_selector("text=已办理 1 件。")
    told = Completion.objects.get(case=case, task__step_id="screen").answers["reason"]
    assert told == f"{first}请于周五前改好。"


def test_words_in_a_row_are_not_left_behind_without_a_question(person, suggestion, town):
    play_until(town, "screen", definition=suggestion)
    page = person().signs_in_as("office").page
    page.goto("/desk/screen/")
    page.locator(".decide label", has_text="退回修改").first.click()
    page.locator(".grid-row textarea").first.fill("请逐条写明诉求。")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.click("header >> text=我的待办", no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.locator(".grid-row textarea").first.input_value() == "请逐条写明诉求。"
    page.click(".grid-row button[name=save]")
    page.wait_for_selector("text=已办理 1 件。")
    assert asked == ["beforeunload"], "what is sent needs no question"


def test_the_grid_works_without_scripts_on_a_phone(person, suggestion, town):
    case = play_until(town, "screen", definition=suggestion)
    office = person(phone=True, scripts=False).signs_in_as("office")
    page = office.page
    page.goto("/desk/")
    page.click("main a.title")
    assert office.sees_all_of_it()
    page.locator(".decide label").first.click()
    page.select_option(".grid-row select[name$='register.category']", "water")
    page.click(".grid-row button[name=save]")
    assert office.sees("已办理 1 件。编号：")
    assert Case.objects.get(pk=case.pk).number.endswith("第1号建议")


def test_what_was_just_done_is_taken_back_by_keys(person, suggestion, town):
    first, second = (play_until(town, "propose", definition=suggestion) for _n in range(2))
    page = person().signs_in_as("government").page
    page.goto("/desk/propose/")
    page.locator("[data-row] .cell-units select").first.select_option(label="c局")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Control+z")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("text=已收回 1 件")
    assert page.locator(".cell-units select").evaluate_all(
        "all => all.map((one) => one.selectedOptions[0].text)"
    ) == [
        "请选择",
        "c局",
        "请选择",
    ]
    assert Task.objects.open().filter(case__in=[first, second], step_id="propose").count() == 2


def test_a_letter_decides_and_goes_on_and_nothing_undecided_is_sent(person, suggestion, town):
    case = play_until(town, "screen", definition=suggestion)
    other = play_until(town, "screen", definition=suggestion)
    page = person().signs_in_as("office").page
    page.goto("/desk/screen/")
    rows = page.locator("[data-row]")
    # The class stands in the row before anything is chosen; one that the file does not say is asked for first.
    rows.nth(0).locator(".cell-register select").select_option("water")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    assert rows.nth(1).locator(".cell-register select").evaluate("one => one === document.activeElement")
    assert [rows.nth(n).locator("[data-pick]").is_checked() for n in range(2)] == [True, True]
    rows.nth(1).locator(".cell-register select").select_option("health")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=已办理 2 件。编号：")
    numbers = Case.objects.filter(pk__in=[case.pk, other.pk], registration__isnull=False)
    assert numbers.count() == 2
