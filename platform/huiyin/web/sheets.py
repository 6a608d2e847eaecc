"""A table as a spreadsheet that an office opens, sorts and prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from huiyin.web import downloads

#: Columns are as wide as their longest line, within reason; a Chinese character takes two.
NARROWEST, WIDEST = 8, 60


def download(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> FileResponse:
    """A workbook of one sheet to be saved as `name`.xlsx: headings that stay in sight, text as text, dates as dates."""
    book = Workbook()
    page = book.active
    page.append(list(headings))
    for row in rows:
        page.append([_plain(value) for value in row])
        for cell in page[page.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"  # what begins with = was typed by somebody and is no formula
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    for number, column in enumerate(page.columns, 1):
        longest = max(_width(str(cell.value or "")) for cell in column)
        page.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, NARROWEST), WIDEST)
        for cell in column:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    raw = BytesIO()
    book.save(raw)
    return downloads.download(raw.getvalue(), f"{name}.xlsx")


def _plain(value: object) -> object:
    return "" if value is None else value


def _width(text: str) -> int:
    return sum(1 if ord(char) < 0x2E80 else 2 for char in text)
