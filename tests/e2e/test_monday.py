"""The Monday after the session: 240 suggestions come in from a workbook, are screened, proposed and handed over by evening."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.directory.models import Person
from huiyin.jobs import services as jobs
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import storing
from tests.conftest import at
from tests.congress.files import row, workbook
from tests.web.playing import play_until

pytestmark = pytest.mark.browser

ALL, BY_KEYS, PAGE = 240, 12, 30
NAMES = ("王伟", "李娜", "张强", "刘洋", "陈静", "杨帆")


@pytest.fixture
def suggestion(site, town):
    """The process is published, and the deputies have names."""
    for n, name in enumerate(NAMES):
        person = town.actors["deputy" if n == 0 else f"deputy{n + 1}"].person
        Person.objects.filter(pk=person.pk).update(name=name)
    return storing.store(
        bundles.read("suggestion"), town.jurisdiction, version=1, by=None, now=at("2026-02-01T08:00")
    )


def imports(office) -> None:
    """Given a workbook with 240 rows and one wrong name: all others are entered while the page counts."""
    rows = [row(n, NAMES[n % len(NAMES)], received_on="", cosigners=NAMES[(n + 1) % 6]) for n in range(ALL)]
    raw = workbook([*rows, row(ALL, "王维")])
    page = office.page
    page.goto("/cases/")
    page.click("text=导入代表建议")
    page.set_input_files("#i-file", {"name": "建议汇总.xlsx", "mimeType": "application/zip", "buffer": raw})
    page.click("text=上传并核对")
    page.click("a.tile.late")
    assert office.sees("没有叫“王维”的代表，是不是：王伟？")
    page.click(f"button:has-text('导入 {ALL} 件')")
    assert office.sees("正在录入")
    while jobs.run_due(now=time_source.now(), limit=100):
        pass
    page.reload()
    assert office.sees(f"已录入 {ALL} 件。")


def screens(office) -> None:
    """When twelve are accepted by keyboard and the rest by the page, each has its number of the session."""
    page = office.page
    page.goto("/desk/screen/")
    for _n in range(BY_KEYS):
        page.keyboard.press("a")
        page.keyboard.press("x")
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(f"text=已办理 {BY_KEYS} 件。编号：")
    while page.locator("[data-row]").count():
        page.check("[data-all]")
        page.select_option("select[name='all.screening']", "accept")
        page.click("section.for-all .btn-primary")
        page.wait_for_load_state()
        page.wait_for_selector("text=已办理")
    assert office.sees("这一环节已经办完")


def proposes(government, unit) -> None:
    """And the government proposes unit c for a page of them, which agrees in its own grid."""
    page = government.page
    page.goto("/desk/propose/")
    page.check("[data-all]")
    page.select_option("select[name='all.units.lead']", label="c局")
    page.click("section.for-all .btn-primary")
    page.wait_for_selector(f"text=已办理 {PAGE} 件。")
    page = unit.page
    page.goto("/desk/preview/")
    page.check("[data-all]")
    page.select_option("select[name='all.opinion']", "agree")
    page.click("section.for-all .btn-primary")
    page.wait_for_selector(f"text=已办理 {PAGE} 件。")


def hands_over(office) -> None:
    """Then the office hands them over with one date, and takes one back that it had not meant."""
    page, today = office.page, time_source.today().isoformat()
    page.goto("/tasks/?step=hand_over&all=1")
    page.fill("input[name='handover.on']", today)
    page.click("#together .btn-primary")
    page.wait_for_selector(f"text=已办理 {PAGE} 件。")
    page.goto("/handovers/")
    page.click(f"text={today}")
    with page.expect_download() as list_of_all:
        page.click("text=下载清单 XLSX")
    sheet = openpyxl.load_workbook(BytesIO(Path(list_of_all.value.path()).read_bytes())).active
    assert sheet.max_row == PAGE + 2
    with page.expect_download() as notice:
        page.click("aside >> text=c局")
    assert notice.value.suggested_filename == f"交办通知（c局）{today}.docx"
    page.locator("button[name=recall]").first.click()
    page.wait_for_selector("text=已收回 1 件")


def test_the_monday_after_the_session(person, suggestion):
    office, government, unit = (person().signs_in_as(name) for name in ("office", "government", "c"))
    imports(office)
    screens(office)
    numbers = Case.objects.filter(number__contains="号建议").count()
    assert numbers == ALL
    assert Case.objects.get(number__endswith=f"第{ALL}号建议")
    proposes(government, unit)
    hands_over(office)
    assert Task.objects.open().filter(step_id="assign").count() == PAGE - 1


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
