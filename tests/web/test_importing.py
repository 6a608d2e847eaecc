"""导入建议: looked at first, entered once, and every row that can't be says why."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.cases.models import Case, Task, Transcription
from huiyin.congress import reading
from huiyin.congress.models import ImportRow, Signature, SuggestionImport
from huiyin.core import time_source
from huiyin.directory.models import Person, Post
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle.scenarios import moment
from tests.congress.files import HEADINGS, WORDS, document, paper_of, row, sheets, workbook
from tests.web.playing import publish
from tests.web.test_suggestions import text

TODAY = "2026-02-11"
PAGE = ("imports", "suggestion")


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment(f"{TODAY} 10:00")):
        yield


@pytest.fixture
def office(client_of, town):
    """The county's office; the deputies have names."""
    publish(town)
    for n, name in enumerate(("王伟", "李娜", "张强", "张强", "陈静")):
        who = "deputy" if n == 0 else f"deputy{n + 1}"
        Person.objects.filter(pk=town.actors[who].person.pk).update(name=name)
    return client_of("congress")


def send(office: Client, *files: tuple[str, bytes], on: str = TODAY):
    uploads = [SimpleUploadedFile(name, raw) for name, raw in files]
    return office.post(reverse(PAGE[0], args=[PAGE[1]]), {"file": uploads, "on": on})


def looked_at(office: Client, *rows: list[object], name: str = "建议.xlsx") -> str:
    """Send a workbook; the address of what was understood."""
    answer = send(office, (name, workbook(rows)))
    assert answer.status_code == 302, text(answer)
    return answer["Location"]


def work() -> None:
    while jobs.run_due(now=time_source.now()):
        pass


def test_looks_at_the_rows_before_anything_is_entered(office):
    address = looked_at(office, row(1, "王伟", cosigners="李娜"), row(2, "王维"), row(3, "张强", title=""))
    page = text(office.get(address))
    assert "导入 1 件" in page
    assert "没有叫“王维”的代表，是不是：王伟？" in page
    assert "请填写“标题”" in page
    assert "代表“张强”有同名的，请写明是哪一位" in page
    assert (Case.objects.count(), Job.objects.filter(kind="congress.import_row").count()) == (0, 0)


def test_enters_the_good_rows_as_their_movers_papers(office, town):
    address = looked_at(office, row(1, "王伟", cosigners="李娜、陈静"), row(2, "没有此人"))
    office.post(address)
    running = office.get(address)
    assert "正在录入：0 / 1 件" in text(running)
    assert running["Refresh"]
    work()
    page = text(office.get(address))
    assert "已录入 1 件。" in page
    case = Case.objects.get()
    assert (case.reporter.name, case.source, case.received_on) == ("王伟", "import", date(2026, 2, 10))
    assert list(case.asks.values_list("text", flat=True)) == ["年内完成主管网改造", "公布停水安排和改造计划"]
    assert Signature.objects.signed().filter(case=case).count() == 2
    assert Task.objects.open().get(case=case).step_id == "screen"
    notes = set(Transcription.objects.values_list("way", "note"))
    assert notes == {("file", "由文件“建议.xlsx”导入（第 2 行）")}
    assert "文件（导入）" in text(office.get(reverse("case", args=[case.public_id])))


def test_enters_nothing_twice(office):
    rows = [row(1, "王伟"), row(2, "李娜")]
    address = looked_at(office, *rows)
    office.post(address)
    assert office.post(address).status_code == 409
    work()
    again = looked_at(office, *rows, row(3, "陈静"), row(4, "陈静"), name="再来一次.xlsx")
    page = text(office.get(again))
    assert page.count("以前已录入") >= 3
    office.post(again)
    work()
    assert Case.objects.count() == 4
    assert "2 件以前已经录入，没有重复录入。" in text(office.get(again))
    assert "以前都已录入" in text(office.get(looked_at(office, *rows)))


def test_says_that_a_row_stands_in_the_file_twice(office):
    same = row(1, "王伟")
    page = text(office.get(looked_at(office, same, same)))
    assert "与第 2 行重复" in page
    assert "导入 1 件" in page


def test_says_what_is_wrong_with_a_day_and_leaves_an_unknown_class_to_the_screening(office):
    address = looked_at(
        office, row(1, "王伟", received_on="2026-03-01"), row(2, "李娜", received_on="昨天"),
        row(3, "陈静", category="外星"), row(4, "陈静", received_on=""),
    )  # fmt: skip
    page = text(office.get(address))
    for sentence in ("提交日期 2026-03-01 还没有到", "看不懂提交日期“昨天”", "没有“外星”这个类别"):
        assert sentence in page
    assert ImportRow.objects.get(number=5).received_on == date(2026, 2, 11)
    assert "张" not in text(office.get(f"{address}?show=known")).split("<tbody>")[-1]


def test_tells_two_deputies_of_one_name_apart(office, town):
    home = Post.objects.filter(person=town.actors["deputy3"].person).first().place
    assert "有同名的" in text(office.get(looked_at(office, row(1, f"张强（{home.name}）"))))
    Post.objects.filter(person=town.actors["deputy4"].person).update(place=home.parent)
    assert "导入 1 件" in text(office.get(looked_at(office, row(1, f"张强（{home.name}）"))))


def test_keeps_the_sentence_of_a_row_that_is_refused_when_it_is_entered(office, town):
    address = looked_at(office, row(1, "王伟"), row(2, "李娜"))
    office.post(address)
    Post.objects.filter(person=town.actors["deputy"].person).delete()
    work()
    page = text(office.get(address))
    assert "1 件未能录入，原因见下表" in page
    assert ImportRow.objects.exclude(error="").get().mover.name == "王伟"
    assert Case.objects.count() == 1


def test_reads_documents_one_suggestion_each(office):
    papers = [
        (
            f"{n}.docx",
            document(f"关于第{n}片供水的建议", "领衔代表：王伟", WORDS, "诉求：", "1. 年内完成改造"),
        )
        for n in range(2)
    ]
    address = send(office, *papers)["Location"]
    page = text(office.get(address))
    assert "0.docx 等 2 个文件" in page
    assert "导入 2 件" in page


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("坏的.xlsx", b"PK\x03\x04 broken", "坏的.xlsx：这不是能读取的 XLSX 或 DOCX 文件"),
        ("别的.xlsx", workbook([["x"]], ["别的"]), "前十行里没有找到"),
        ("100%.docx", b"x", "100%.docx："),
        ("满.docx", paper_of("<w:p/>" * 800_000), "满.docx：文件里的内容远远超出建议所需"),
    ],
)
def test_refuses_a_bad_file_with_a_sentence(office, name, raw, sentence):
    answer = send(office, (name, raw), on="2026-02-09")
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="2026-02-09"' in text(answer)
    assert SuggestionImport.objects.count() == 0


def test_refuses_documents_that_hold_too_much_together(office, monkeypatch):
    papers = [(f"{n}.docx", document("关于供水的建议", "领衔代表：王伟", WORDS)) for n in range(3)]
    monkeypatch.setattr(reading, "MOST_TOGETHER", 2 * reading.read_document(papers[0][1], 1, "").weight)
    assert send(office, *papers[:2]).status_code == 302
    SuggestionImport.objects.all().delete()
    answer = send(office, *papers)
    assert answer.status_code == 422
    assert "2.docx：这些文件合计内容过多" in text(answer)
    assert SuggestionImport.objects.count() == 0


def test_reads_all_sheets_in_their_order_and_names_what_it_did_not_read(office):
    raw = sheets(
        ("一团", [HEADINGS, row(1, "王伟"), row(2, "李娜")]), ("二团", [HEADINGS, row(3, "陈静")]),
        ("草稿", [row(4, "陈静")]),
    )  # fmt: skip
    page = text(office.get(send(office, ("两团.xlsx", raw))["Location"]))
    assert page.index("“一团”第 3 行") < page.index("“二团”第 2 行")
    assert "导入 3 件" in page
    assert "没有标题行的工作表没有读取：草稿" in page


def test_asks_for_a_file_and_a_day_that_has_come(office):
    answer = office.post(reverse("imports", args=["suggestion"]), {"on": "2027-01-01"})
    assert "请选择文件。" in text(answer)
    assert "日期还没有到。" in text(answer)


def test_offers_a_template_that_it_reads_itself(office):
    raw = b"".join(office.get(reverse("import_template", args=["suggestion"])).streaming_content)
    book = openpyxl.load_workbook(BytesIO(raw))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["标题", "领衔代表", "附议代表"]
    assert "王伟" in str([cell.value for line in book["说明"] for cell in line])
    assert "文件里没有建议" in text(send(office, ("模板.xlsx", raw)))


def test_gives_a_file_up(office):
    address = looked_at(office, row(1, "王伟"))
    assert "没有录入任何建议" in text(office.post(f"{address}discard/", follow=True))
    assert not SuggestionImport.objects.exists()
    started = looked_at(office, row(1, "王伟"))
    office.post(started)
    assert office.post(f"{started}discard/").status_code == 409


def test_locks_a_file_before_it_goes_so_that_one_just_started_stays(office):
    looked_at(office, row(1, "王伟"))
    with CaptureQueriesContext(connection) as queries:
        looked_at(office, row(2, "李娜"), name="下一个.xlsx")
    asked = [one["sql"] for one in queries if "congress_suggestionimport" in one["sql"]]
    deleted = next(at for at, sql in enumerate(asked) if sql.startswith("DELETE"))
    assert any("started_at" in sql and "FOR UPDATE" in sql for sql in asked[:deleted])
    assert SuggestionImport.objects.get().name == "下一个.xlsx"


def test_is_the_congress_offices_alone(client_of, office, town):
    address = looked_at(office, row(1, "王伟"))
    assert "还没有导入过" not in text(office.get(reverse("imports", args=["suggestion"])))
    for name in ("government", "deputy", "a"):
        assert client_of(name).get(reverse("imports", args=["suggestion"])).status_code == 404
        assert client_of(name).get(address).status_code == 404
        assert client_of(name).post(address).status_code == 404
    assert Client().get(address)["Location"].startswith("/sign-in/")
    assert reverse("imports", args=["suggestion"]) in text(office.get(reverse("cases")))


def test_a_page_cannot_pass_a_file_for_a_scan(office, town):
    sheet = {"transcription.way": "file", "transcription.on": TODAY, "transcription.note": "编的"}
    moved = {"title": "关于改造供水管网的建议", "words": WORDS, "asks": ["完成主管网改造"], "key": "k",
             "mover": town.actors["deputy"].person.public_id}  # fmt: skip
    answer = office.post(reverse("start_for", args=["suggestion"]), {**sheet, **moved})
    assert answer.status_code == 422
    assert "只有正在导入的建议可以按文件登记" in text(answer)


def test_the_demo_offers_a_list_to_live_the_monday_with(office, settings):
    address, settings.DEMO = reverse("import_sample", args=["suggestion"]), False
    assert office.get(address).status_code == 404, "a real installation has none"
    assert "下载示例名单" not in text(office.get(reverse(PAGE[0], args=[PAGE[1]])))
    settings.DEMO = True
    assert "下载示例名单" in text(office.get(reverse(PAGE[0], args=[PAGE[1]])))
    page = text(office.get(send(office, ("名单.xlsx", office.get(address).getvalue()))["Location"]))
    assert "某”的代表" in page
    assert "请填写“诉求”" in page
