"""Reading office files: columns in any order, documents by their lines, and nothing that bites."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest

from huiyin.congress import errors, reading, unpacking
from tests.congress.files import (
    HEADINGS,
    WORDS,
    document,
    paper_of,
    replaced,
    row,
    sheets,
    with_part,
    workbook,
)


def test_reads_rows_under_headings_in_any_order_below_a_heading_line():
    order = ("提交日期", "正文", "领衔代表（必填）", "诉求", "标题 *")
    raw = workbook(
        [[date(2026, 2, 10), WORDS, "王 伟", "一、修管网\n（二）公布计划", "关于供水的建议"]], order, 2
    )
    (read,) = reading.read_workbook(raw).rows
    assert read.number == 4
    assert read.texts == {
        "title": "关于供水的建议",
        "words": WORDS,
        "mover": "王 伟",
        "received_on": "2026-02-10",
    }
    assert read.asks == ["修管网", "公布计划"]


def test_leaves_empty_rows_out_and_never_computes_a_formula():
    raw = workbook([row(1, "王伟", title="=1+1"), [None] * 8, row(3, "李娜")])
    first, second = reading.read_workbook(raw).rows
    assert (first.texts["title"], second.number) == ("", 4)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"no file at all", errors.FileUnreadable),
        (document("x"), errors.FileUnreadable),
        (with_part(workbook([row(1, "王伟")]), "xl/vbaProject.bin", b"x"), errors.FileHasMacros),
        (
            with_part(workbook([row(1, "王伟")]), "xl/bomb.xml", b" " * (unpacking.MOST_UNPACKED + 1)),
            errors.FileUnreadable,
        ),
        (workbook([["x"]], ["别的表"]), errors.HeadingsMissing),
        (workbook([]), errors.NothingInFile),
        (workbook([row(n, "王伟") for n in range(reading.MOST_ROWS + 1)]), errors.TooManyRows),
    ],
)
def test_refuses_what_it_cannot_or_will_not_read(raw, refusal):
    with pytest.raises(refusal):
        reading.read_workbook(raw)


def test_counts_the_rows_and_not_the_blank_lines_between():
    spread = [line for n in range(reading.MOST_ROWS) for line in ([None], row(n, "王伟"), [None])]
    assert len(reading.read_workbook(workbook(spread)).rows) == reading.MOST_ROWS
    with pytest.raises(errors.TooManyRows):
        reading.read_workbook(workbook([*spread, row(0, "李娜")]))


def with_sheet(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with something else written in its first sheet."""
    with zipfile.ZipFile(BytesIO(raw)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    assert old in sheet
    return replaced(raw, "xl/worksheets/sheet1.xml", sheet.replace(old, new))


def test_refuses_a_sheet_that_goes_on_for_ever():
    far = b'<row r="1048576"><c r="A1048576"/></row></sheetData>'
    with pytest.raises(errors.SheetTooLong):
        reading.read_workbook(with_sheet(workbook([row(1, "王伟")]), b"</sheetData>", far))


def test_reads_beyond_what_a_sheet_says_of_its_size():
    raw = with_sheet(workbook([row(n, "王伟") for n in range(5)]), b'ref="A1:H6"', b'ref="A1:B2"')
    assert len(reading.read_workbook(raw).rows) == 5


def test_reads_every_sheet_with_headings_and_names_the_others():
    raw = sheets(
        ("代表团一", [HEADINGS, row(1, "王伟")]),
        ("代表团二", [["汇总"], HEADINGS, row(2, "李娜"), row(3, "张强")]),
        ("没有标题行", [row(4, "陈静")]),
        ("空表", []),
        ("说明", [["怎样填写"]]),
    )
    book = reading.read_workbook(raw)
    assert [read.source for read in book.rows] == [
        "“代表团一”第 2 行",
        "“代表团二”第 3 行",
        "“代表团二”第 4 行",
    ]
    assert book.unread == ["没有标题行"]
    with pytest.raises(errors.TooManyRows):
        reading.read_workbook(sheets(*((f"{n}", [HEADINGS, *[row(1, "王伟")] * 501]) for n in range(2))))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_refuses_a_workbook_of_countless_pieces_before_it_is_parsed(part, monkeypatch):
    def parsed(*_any, **_named):
        raise AssertionError("it was parsed")

    monkeypatch.setattr(reading.openpyxl, "load_workbook", parsed)
    raw = with_part(workbook([row(1, "王伟")]), "xl/sharedStrings.xml", b"<sst/>")
    with pytest.raises(errors.FileTooFull):
        reading.read_workbook(replaced(raw, part, b"<x>" + b"<y/>" * unpacking.MOST_TAGS + b"</x>"))
    with pytest.raises(errors.FileTooFull):
        reading.read_workbook(replaced(raw, part, b"<x>" + b" " * reading.MOST_SHEETS + b"</x>"))


@pytest.mark.parametrize(
    "body",
    [
        "<w:p/>" * 800_000,
        "<w:p/>" * (reading.MOST_PARAGRAPHS + 1),
        "<w:tbl><w:tr><w:tc>" + "<w:p/>" * (reading.MOST_PARAGRAPHS + 1) + "</w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:t>" + " " * reading.MOST_PAPER + "</w:t></w:r></w:p>",
    ],
)
def test_refuses_a_document_that_unpacks_into_far_too_much(body):
    raw = paper_of(body)
    assert len(raw) < 100_000
    with pytest.raises(errors.FileTooFull):
        reading.read_document(raw, 1, "a.docx")


def test_reads_the_tables_of_a_document_too():
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ("供水", "领衔代表：王伟"))
    table = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert reading.read_document(paper_of(body + table), 1, "a.docx").texts["words"] == WORDS


def test_reads_a_document_by_its_lines():
    raw = document(
        "关于供水的建议", "领衔代表：王伟", "附议代表:李娜、张强", "类别：水利", "", "一、现状", WORDS,
        "诉求：", "1. 年内完成主管网改造", "2．公布停水安排",
    )  # fmt: skip
    read = reading.read_document(raw, 1, "供水.docx")
    assert read.texts == {
        "title": "关于供水的建议", "mover": "王伟", "cosigners": "李娜、张强", "category": "水利",
        "words": f"一、现状\n{WORDS}",
    }  # fmt: skip
    assert read.asks == ["年内完成主管网改造", "公布停水安排"]


def test_takes_what_is_numbered_as_asked_where_no_heading_says_so():
    read = reading.read_document(
        document("标题：供水", "领衔代表：王伟", WORDS, "1、修好管网", "2、公布计划"), 1, "a"
    )
    assert (read.texts["title"], read.texts["words"], read.asks) == ("供水", WORDS, ["修好管网", "公布计划"])


def test_refuses_a_document_that_is_none():
    with pytest.raises(errors.FileUnreadable):
        reading.read_document(workbook([]), 1, "a")


def test_reads_days_and_names_as_they_are_written():
    for text in ("2026-2-10", "2026年2月10日", "2026/02/10", "2026.2.10"):
        assert reading.day_in(text) == date(2026, 2, 10)
    assert reading.day_in("2026年2月30日") is None
    assert reading.names_in("王 伟、李娜,张强\n李娜") == ["王伟", "李娜", "张强"]
    assert reading.names_in("王伟 李娜") == ["王伟", "李娜"]
    assert reading.names_in("王　伟") == ["王伟"]
