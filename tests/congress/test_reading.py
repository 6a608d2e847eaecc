"""Reading office files: columns in any order, documents by their lines, and nothing that bites."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.congress import errors, reading
from tests.congress.files import WORDS, document, row, with_part, workbook


def test_reads_rows_under_headings_in_any_order_below_a_heading_line():
    order = ("提交日期", "正文", "领衔代表（必填）", "诉求", "标题 *")
    raw = workbook(
        [[date(2026, 2, 10), WORDS, "王 伟", "一、修管网\n（二）公布计划", "关于供水的建议"]], order, 2
    )
    (read,) = reading.read_workbook(raw)
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
    first, second = reading.read_workbook(raw)
    assert (first.texts["title"], second.number) == ("", 4)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"no file at all", errors.FileUnreadable),
        (document("x"), errors.FileUnreadable),
        (with_part(workbook([row(1, "王伟")]), "xl/vbaProject.bin", b"x"), errors.FileHasMacros),
        (
            with_part(workbook([row(1, "王伟")]), "xl/bomb.xml", b" " * (reading.MOST_UNPACKED + 1)),
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
