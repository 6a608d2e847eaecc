"""
The Monday after the session: 240 suggestions come in from a workbook, are screened, proposed and handed over by evening.

One story, at a desk by keys and on a telephone by taps; every action is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Download, Locator

from huiyin.cases.models import Case, Task
from huiyin.congress.models import CasePair, Session
from huiyin.core import time_source
from huiyin.directory.models import Person, Term
from huiyin.jobs import services as jobs
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle.demo import year
from tests.congress.files import row, workbook
from tests.e2e.hands import Hands
from tests.web.playing import SUGGESTION, publish

pytestmark = pytest.mark.browser

#: Rows of a page of the grid, and how many rows the government decides each by a key of its own.
PAGE, ALONE = 30, 12
NAMES = ("王伟", "李娜", "张强", "刘洋", "陈静", "杨帆")
VILLAGES = (
    "青石村",
    "白马村",
    "双桥村",
    "石门村",
    "下洲村",
    "汤溪村",
    "上坊村",
    "莲塘村",
    "桃源村",
    "古楼村",
)
UNITS = ("c", "a", "b")
#: By their place in the workbook: the one that says the same as the first, the one that asks for two things, one to link.
SAME, TWICE, LINKED = 1, 6, 3


@dataclass
class Monday:
    """How many come in, and whether there are keys."""

    all: int
    phone: bool
    titles: tuple[str, ...] = ()


@pytest.fixture(params=[(240, False), (36, True)], ids=["desk", "phone"])
def monday(request, site, town) -> Monday:
    """A congress met last week; the process is published, and the deputies have names."""
    for n, name in enumerate(NAMES):
        person = town.actors["deputy" if n == 0 else f"deputy{n + 1}"].person
        Person.objects.filter(pk=person.pk).update(name=name)
    publish(town)
    now, place = time_source.now(), town.place.parent
    Session.objects.create(
        jurisdiction=town.jurisdiction, place=place, term=Term.objects.get(place=place), number=5,
        name="试跑镇十七届人大五次会议", opens_on=time_source.today() - timedelta(5),
        closes_on=time_source.today(), deadline_at=now + timedelta(1),
    )  # fmt: skip
    return Monday(*request.param)


def rows_of(day: Monday) -> list[list[object]]:
    """What deputies ask of their villages; one row says with other words what the first says."""
    topics, found = year.read()["topics"], []
    asked = bundles.read(SUGGESTION).forms["screen_suggestion"]["ui"]["fields"]["register"]["options"]
    for n in range(day.all):
        topic, village = topics[n % len(topics)], VILLAGES[n // len(topics)]
        said = {name: str(topic[name]).format(place=village) for name in ("title", "words")}
        if n == SAME:
            said = {name: str(topics[0][name]).format(place=VILLAGES[0]) for name in said}
            said["title"] = said["title"].replace("整治", "加快整治")
            topic = topics[0]
        said |= {"asks": "\n".join(topic["asks"]), "category": asked[topic["category"]]["zh"]}
        found.append(row(n, NAMES[n % 6], **said, received_on="", cosigners=NAMES[(n + 1) % 6]))
    day.titles = tuple(str(one[1]) for one in found)
    return found


def works_off() -> None:
    while jobs.run_due(now=time_source.now(), limit=100):
        pass


def row_with(office: Hands, title: str) -> Locator:
    return office.page.locator("[data-row]", has_text=title).first


def case_of(title: str) -> Case:
    return Case.objects.filter(title=title).earliest("id")


def imports(office: Hands, day: Monday) -> None:
    """Given a workbook with a wrong name in one row: all others are entered while the page counts."""
    raw = workbook([*rows_of(day), row(day.all, "王维")])
    office.opens("/cases/")
    office.clicks("text=导入代表建议")
    office.page.set_input_files(
        "#i-file", {"name": "建议汇总.xlsx", "mimeType": "application/zip", "buffer": raw}
    )
    office.clicks("text=上传并核对")
    office.clicks("a.tile.late")
    assert "没有叫“王维”的代表，是不是：王伟？" in office.page.inner_text("main")
    assert not Case.objects.exists(), "nothing is entered before it is looked at"
    office.clicks(f"button:has-text('导入 {day.all} 件')")
    works_off()
    # The page looks again by itself while the work goes on: a reload would meet it on its way.
    office.page.wait_for_selector(f"text=已录入 {day.all} 件。")


def merges_links_and_splits(office: Hands, day: Monday) -> None:
    """When the office sees two that say the same beside each other, it merges them; it links two, and splits one."""
    same, first, split = (day.titles[n] for n in (SAME, 0, TWICE))
    office.opens("/desk/screen/")
    office.clicks(row_with(office, same).locator("text=疑似重复"))
    beside = office.page.locator(".side-by-side section")
    assert [same in beside.nth(0).inner_text(), first in beside.nth(1).inner_text()] == [True, True]
    office.clicks("text=本件并入对照件")
    assert case_of(same).merged_into == case_of(first)
    office.clicks(row_with(office, day.titles[LINKED]).locator("text=疑似重复"))
    office.clicks("button:has-text('关联')")
    assert CasePair.objects.get().verdict == "linked"
    office.clicks("text=返回批量办理")
    office.clicks(row_with(office, split).locator("text=其他处理"))
    office.ticks("main label.choice:has-text('拆分')")
    office.ticks("input[name=split][value='2']")
    office.fills("textarea[name=reason]", "两条诉求属两件事，请分别提出（一事一议）。")
    office.clicks("main form .btn-primary")
    assert Case.objects.count() == day.all + 1


def confirms(mover: Hands) -> None:
    """And the mover confirms both halves."""
    for _half in range(2):
        mover.opens("/tasks/?step=submit")
        mover.clicks("table.list >> text=办理")
        mover.ticks("main label.choice:has-text('提交审查')")
        mover.ticks("input[name='signatures.confirmed']")
        mover.clicks("#task-form .btn-primary")


def screens(office: Hands, day: Monday) -> None:
    """Then the rest are accepted, at the desk each by a letter of its own, and have numbers of the session."""
    office.opens("/desk/screen/")
    for n in range(day.all):
        if not (rows := office.page.locator("[data-row]").count()):
            break
        if day.phone:
            office.ticks("[data-all]")
        else:
            for _row in range(rows):
                office.presses("a")
        office.chooses("select[name='all.screening']", "立案")
        office.chooses("select[name='all.receiver']", f"{UNITS[n % 3]}局")
        if day.phone:
            office.clicks("section.for-all .btn-primary")
        else:
            office.sends("Control+Enter")
        assert f"已办理 {rows} 件。编号：" in office.page.inner_text("body")
    assert "这一环节已经办完" in office.page.inner_text("main")
    numbers = Case.objects.filter(number__startswith="试跑镇十七届人大五次会议第")
    assert numbers.count() == day.all
    assert numbers.filter(number__endswith=f"第{day.all}号建议").exists()
    assert case_of(day.titles[0]).registration.category == "traffic"


def proposes_one_by_one(government: Hands) -> None:
    """And the government proposes the units that the office named: a key for each row, and one is taken back by two."""
    government.opens("/desk/propose/")
    before = government.actions
    for _n in range(ALONE):
        government.sends("Enter")
    assert government.actions - before == ALONE
    assert Task.objects.filter(step_id="propose", status="done").count() == ALONE
    government.presses("Control+z")
    government.sends("Enter")
    assert "已收回 1 件" in government.page.inner_text("body")


def proposes_the_rest(government: Hands, day: Monday) -> None:
    """And the rest page by page, as they stand there."""
    government.opens("/desk/propose/")
    while government.page.locator("[data-row]").count():
        government.ticks("[data-all]")
        government.clicks("section.for-all .btn-primary")
    proposed = Case.objects.filter(assignments__part="lead", tasks__step_id="preview").distinct()
    assert proposed.count() == day.all


def agrees(unit: Hands) -> None:
    """And a unit agrees in its own grid."""
    unit.opens("/desk/preview/")
    while unit.page.locator("[data-row]").count():
        unit.ticks("[data-all]")
        unit.chooses("select[name='all.opinion']", "同意承办")
        unit.clicks("section.for-all .btn-primary")


def hands_over(office: Hands, day: Monday) -> None:
    """Then all are handed over on one day, with a list of all and a notice for each unit."""
    today = time_source.today().isoformat()
    office.opens("/tasks/?step=hand_over")
    office.clicks(f"text=全部 {day.all} 件")
    office.fills("input[name='handover.on']", today)
    office.clicks("#together .btn-primary")
    works_off()
    office.page.wait_for_selector(f"text=已办理 {day.all} 件。")
    office.clicks("text=查看交办清单")
    sheet = openpyxl.load_workbook(saved(office, "text=下载清单 XLSX")[1]).active
    assert sheet.max_row == day.all + 2
    assert {"交通建设", "水利"} <= {sheet.cell(n, 5).value for n in range(3, sheet.max_row + 1)}
    name, raw = saved(office, "aside >> text=c局")
    assert name == f"交办通知（c局）{today}.docx"
    of_c = Case.objects.filter(assignments__unit__name="c局", assignments__part="lead").count()
    assert any(f"下列{of_c}件由你单位承办" in one.text for one in docx.Document(raw).paragraphs)


def saved(office: Hands, what: str) -> tuple[str, BytesIO]:
    with office.page.expect_download() as waiting:
        office.ticks(what)
    found: Download = waiting.value
    return found.suggested_filename, BytesIO(Path(found.path()).read_bytes())


def takes_back_until_the_first_signs(office: Hands, government: Hands, units: dict[str, Hands]) -> None:
    """And one is taken back that was not meant; what a unit has signed for meanwhile is refused with a sentence."""
    rows = office.page.locator("main table.list tbody tr")
    meant = rows.first.locator(".number-cell").inner_text()
    office.clicks(rows.first.locator("button[name=recall]"))
    assert "已收回 1 件" in office.page.inner_text("body")
    assert Task.objects.open().get(step_id="hand_over").case.number == meant
    government.opens("/desk/assign/")
    government.ticks("[data-all]")
    government.clicks("section.for-all .btn-primary")
    task = Task.objects.open().filter(step_id="sign").select_related("case", "unit").first()
    unit = units[task.unit.name[0]]
    unit.opens("/desk/sign/")
    unit.clicks(row_with(unit, task.case.number).locator("[data-save]"))
    signed = rows.filter(has_text=task.case.number)
    office.clicks(signed.locator("button[name=recall]"))
    assert f"{task.case.number}：已有人接着办理，不能再收回。" in office.page.inner_text("body")
    assert not signed.locator("button[name=recall]").count()
    assert Task.objects.get(pk=task.pk).status == Task.Status.DONE
    another = Task.objects.open().filter(step_id="sign").select_related("case").first()
    office.clicks(rows.filter(has_text=another.case.number).locator("button[name=recall]"))
    assert "已收回 1 件" in office.page.inner_text("body")


@pytest.fixture
def hands(person, monday) -> Iterator[dict[str, Hands]]:
    """Everybody of that day, each with a browser of their own."""
    people = ("office", "government", "deputy", *UNITS)
    made = {name: Hands(person(phone=monday.phone).signs_in_as(name).page) for name in people}
    yield made
    assert not {name: one.too_wide for name, one in made.items() if one.too_wide}


def test_the_monday_after_the_session(hands, monday):
    office, government = hands["office"], hands["government"]
    imports(office, monday)
    merges_links_and_splits(office, monday)
    confirms(hands["deputy"])
    screens(office, monday)
    screened = office.actions
    if not monday.phone:
        proposes_one_by_one(government)
    proposes_the_rest(government, monday)
    for name in UNITS:
        agrees(hands[name])
    hands_over(office, monday)
    takes_back_until_the_first_signs(office, government, {name: hands[name] for name in UNITS})
    # What an item costs where each is decided by a key of its own: the office's whole day, and one key of the government.
    alone = office.actions / monday.all + 1
    assert alone <= 3, (office.actions, screened)
    assert (office.actions - screened) / monday.all < 0.5, (
        "what is handed over together costs less than half an action each"
    )
    assert government.actions / monday.all <= 1
