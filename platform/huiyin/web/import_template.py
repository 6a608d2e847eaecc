"""The workbook that an office fills in: headings on the first sheet, an example and the classes on the second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from huiyin.congress import importing, selectors
from huiyin.congress.reading import HEADINGS, MOST_ROWS, NOTES
from huiyin.definitions.models import Definition
from huiyin.directory.models import Person, Place

_WIDTHS = {
    "title": 36,
    "mover": 12,
    "cosigners": 24,
    "words": 60,
    "asks": 48,
    "category": 14,
    "received_on": 14,
}
#: Official words: the file is filled in Chinese, in whatever language the page is read.
_EXAMPLE = {
    "title": "关于加快老城区供水管网改造的建议",
    "mover": "王某某",
    "cosigners": "李某某、赵某某（石某镇）",
    "words": "老城区供水管网建成三十余年，爆管频发，居民用水得不到保障，群众反映强烈。",
    "asks": "年内完成主管网改造\n公布停水安排和改造计划",
    "category": "水利",
    "received_on": "2026-02-10",
}
_NOTES = (
    "一行一件。标题、领衔代表、正文、诉求必填；列的次序不限。",
    "附议代表用顿号分开；同名的写明选区，如：赵某某（石某镇）。",
    "诉求一行一条（单元格内换行），一条一事，答复时逐条回应、逐条评价。",
    "提交日期不填的，按上传时所选的日期。类别可以不填，审查时再定。",
    "涉密内容不得录入。",
)


def deputies(place: Place, on: date) -> list[Person]:
    """The deputies of a congress, by name."""
    return list(selectors.deputies_of_congress(place, on).order_by("pinyin", "id"))


def write(definition: Definition, people: list[Person], rows: Iterable[Mapping[str, str]] = ()) -> bytes:
    """
    The workbook.

    :param rows: what is filled in already, by part of a suggestion; the template has none
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = definition.name
    categories = [texts["zh"] for texts in importing.categories_of(definition).values()]
    for at, (part, headings) in enumerate(HEADINGS.items(), 1):
        cell = sheet.cell(1, at, headings[0])
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F3E2E0")
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS[part]
        if part == "category" and categories:
            choice = DataValidation(type="list", formula1=f'"{",".join(categories)}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{MOST_ROWS + 1}")
    for row in rows:
        sheet.append([row.get(part, "") for part in HEADINGS])
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet(NOTES), categories, people)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(
    sheet: openpyxl.worksheet.worksheet.Worksheet, categories: list[str], people: list[Person]
) -> None:
    for note in _NOTES:
        sheet.append([note])
    sheet.append([])
    sheet.append(["示例"])
    for part, headings in HEADINGS.items():
        sheet.append([headings[0], _EXAMPLE[part]])
    sheet.append([])
    sheet.append(["类别", "、".join(categories)])
    sheet.append(["代表名单", "、".join(person.name for person in people)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 90
    for row in sheet.iter_rows(min_row=len(_NOTES) + 1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
