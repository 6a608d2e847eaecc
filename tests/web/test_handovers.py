"""交办清单: what one day handed over, its list and notices, and taking it back before the next person acts."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pytest
from django.urls import reverse

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import do, play_until, publish, task_of
from tests.web.test_suggestions import text

DAY = "2026-02-11"


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment(f"{DAY} 15:00")):
        yield


@pytest.fixture
def handed(town) -> list[Case]:
    """Two suggestions that the office handed over on one day, at two moments of it."""
    definition = publish(town)
    cases = [play_until(town, "hand_over", definition=definition) for _n in range(2)]
    Case.objects.filter(pk=cases[0].pk).update(title="=关于供水的建议")
    for n, case in enumerate(cases):
        do(town, case, "hand_over", {"handover": {"on": DAY}}, moment(f"{DAY} 14:0{n}"), key=str(n))
    return cases


def page(on: str = DAY) -> str:
    return reverse("handover", args=[on])


def content(answer) -> BytesIO:
    return BytesIO(b"".join(answer.streaming_content))


def test_lists_the_days_and_what_each_handed_over(client_of, handed):
    office = client_of("office")
    assert page() in text(office.get(reverse("handovers")))
    assert reverse("handovers") in text(office.get(reverse("desk")))
    shown = text(office.get(page()))
    for case in handed:
        assert Case.objects.get(pk=case.pk).number in shown
    assert "2026-05-11" in shown
    assert "全选可收回的 2 件" in shown


def test_says_so_where_nothing_was_handed_over(client_of, town):
    publish(town)
    office = client_of("office")
    assert "还没有交办过" in text(office.get(reverse("handovers")))
    assert "这一天没有交办" in text(office.get(page("2026-01-01")))
    assert office.get(page("2026-13-01")).status_code == 404
    assert office.get(reverse("handover_list", args=["2026-01-01", "xlsx"])).status_code == 404


def test_writes_the_list_as_a_workbook_in_which_words_stay_words(client_of, handed):
    answer = client_of("office").get(reverse("handover_list", args=[DAY, "xlsx"]))
    sheet = openpyxl.load_workbook(content(answer)).active
    assert sheet["A1"].value == "2026年2月11日交办清单（共2件）"
    titles = [sheet.cell(row, 3) for row in (3, 4)]
    assert (titles[0].value, titles[0].data_type) == ("=关于供水的建议", "s")
    assert sheet.cell(3, 6).value


def test_writes_the_list_as_a_document(client_of, handed):
    answer = client_of("office").get(reverse("handover_list", args=[DAY, "docx"]))
    (table,) = docx.Document(content(answer)).tables
    assert [cell.text for cell in table.rows[0].cells][1:4] == ["编号", "标题", "领衔代表"]
    assert len(table.rows) == 3


def test_writes_a_notice_to_each_unit_of_its_own_part(client_of, handed):
    unit = handed[0].assignments.select_related("unit").get(part="lead").unit
    address = reverse("handover_notice", args=[DAY, unit.public_id])
    office = client_of("office")
    assert address in text(office.get(page()))
    lines = [one.text for one in docx.Document(content(office.get(address))).paragraphs]
    assert f"{unit.name}：" in lines
    assert "2026年2月11日交办的代表建议中，下列2件由你单位承办。" in lines
    assert any("主办，答复期限2026年5月11日" in line for line in lines)
    assert office.get(reverse("handover_notice", args=[DAY, "nobody"])).status_code == 404


def test_takes_one_or_all_back_until_the_first_unit_signs(client_of, handed, town):
    office = client_of("office")
    tasks = [Task.objects.get(case=case, step_id="hand_over").public_id for case in handed]
    for case in handed:
        do(town, case, "assign", {"plan": "keep"}, time_source.now())
    shown = text(office.get(reverse("case", args=[handed[0].public_id])))
    assert "您提交的「交办」，在「签收」之前可以收回。「分办」会一并收回，并告知办理人。" in shown
    assert "已收回 1 件" in text(office.post(page(), {"recall": tasks[0]}, follow=True))
    assert task_of(handed[0], "hand_over")
    sign = Task.objects.open().filter(case=handed[1], step_id="sign").first()
    services.complete_task(
        task=sign, answers={"sign": "accept"}, by=town.actor_for(sign), now=time_source.now(), key="s"
    )
    answer = office.post(page(), {"task": tasks[1]})
    assert answer.status_code == 409
    assert Task.objects.get(public_id=tasks[1]).status == "done"
    assert "收回所选各件" not in text(office.get(page()))


def test_takes_a_selection_back_in_one_go(client_of, handed):
    office = client_of("office")
    tasks = [Task.objects.get(case=case, step_id="hand_over").public_id for case in handed]
    assert "已收回 2 件" in text(office.post(page(), {"task": tasks}, follow=True))
    answer = office.post(page(), {})
    assert (answer.status_code, "请先勾选要收回的事项。" in text(answer)) == (422, True)


def test_is_the_offices_alone(client_of, handed):
    for name in ("a", "deputy", "station"):
        assert client_of(name).get(page()).status_code == 403
        assert client_of(name).get(reverse("handovers")).status_code == 403
        assert client_of(name).get(reverse("handover_list", args=[DAY, "xlsx"])).status_code == 403
