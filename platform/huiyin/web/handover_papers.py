"""The papers of a hand-over: 交办清单 as a workbook and as a document, and a notice for each unit. Official words are Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import docx
import openpyxl
from django.utils import translation
from docx.enum.section import WD_ORIENT
from openpyxl.styles import Alignment, Font

from huiyin.congress.handing_over import Row
from huiyin.directory.models import Unit
from huiyin.web import letter_writing

HEADINGS = ("序号", "编号", "标题", "领衔代表", "类别", "主办单位", "协办单位", "答复期限")
_WIDTHS = (6, 34, 46, 12, 12, 22, 30, 14)
#: The template of a notice, which an office may edit like that of the letter.
NOTICE = "handover.docx"


def _cells(number: int, row: Row) -> tuple[str, ...]:
    return (
        str(number),
        row.number,
        row.title,
        row.mover,
        row.category,
        row.lead.name if row.lead else "",
        "、".join(unit.name for unit in row.co),
        row.due_on.isoformat() if row.due_on else "",
    )


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def workbook(rows: Sequence[Row], on: date) -> bytes:
    """The list as a workbook; what begins like a formula stays the words that it is."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "交办清单"
    sheet.append([f"{_day(on)}交办清单（共{len(rows)}件）"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet.append(list(HEADINGS))
    for number, row in enumerate(rows, 1):
        for at, text in enumerate(_cells(number, row), 1):
            cell = sheet.cell(number + 2, at, text)
            cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at + 1)].width = width
        sheet.cell(2, at + 1).font = Font(bold=True)
    sheet.freeze_panes = "A3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def document(rows: Sequence[Row], on: date) -> bytes:
    """The list as a document, on a page that lies on its side."""
    paper = docx.Document()
    page = paper.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    paper.add_heading(f"{_day(on)}交办清单（共{len(rows)}件）", level=1)
    table = paper.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = text
    for number, row in enumerate(rows, 1):
        for cell, text in zip(table.add_row().cells, _cells(number, row), strict=True):
            cell.text = text
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def notice(unit: Unit, rows: Sequence[Row], on: date, office: str) -> bytes:
    """
    The notice to one unit, of the matters in which it has a part.

    :raises LetterUnreadable: if the office's own template is no Word file
    """
    own = [row for row in rows if unit in row.units]
    with translation.override("zh-hans"):
        facts = letter_writing.Facts(
            words={"单位": unit.name, "日期": _day(on), "件数": str(len(own)), "交办机关": office},
            paragraphs={"清单": tuple(_line(number, row, unit) for number, row in enumerate(own, 1))},
        )
        return letter_writing.write(facts, letter_writing.template(name=NOTICE))


def _line(number: int, row: Row, unit: Unit) -> str:
    part = "主办" if unit == row.lead else "协办"
    due = f"，答复期限{_day(row.due_on)}" if row.due_on and unit == row.lead else ""
    return f"{number}. {row.number}《{row.title}》（领衔代表{row.mover}，{part}{due}）"
