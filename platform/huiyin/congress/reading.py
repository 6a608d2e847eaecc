"""
Suggestions out of office files: the rows of a workbook, or one Word document each.

Values are read as they were last shown: a formula is never computed, a file with macros is refused, nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from huiyin.congress import errors
from huiyin.congress.unpacking import MB, PAPER, opened, weigh

#: How many suggestions one file may have.
MOST_ROWS = 1000
#: How much of it may be text that has to be parsed, in a workbook, in a document, and in all documents of one import.
MOST_SHEETS, MOST_PAPER, MOST_TOGETHER = 8 * MB, 2 * MB, 8 * MB
#: How far down a sheet may go, blank rows counted, and how many paragraphs a document may have.
MOST_LINES, MOST_PARAGRAPHS = 20_000, 5_000
MOST_COLUMNS, HEADING_WITHIN = 40, 10
#: The sheet on which the template explains itself: nobody writes suggestions there.
NOTES = "说明"
#: part of a suggestion -> the headings under which offices write it; the first is the template's.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "title": ("标题", "案由", "建议标题", "题目", "案由/标题"),
    "mover": ("领衔代表", "提出代表", "提出人", "领衔人"),
    "cosigners": ("附议代表", "附议人", "联名代表"),
    "words": ("正文", "内容", "案由与情况", "建议内容"),
    "asks": ("诉求", "具体诉求", "具体建议"),
    "category": ("类别", "分类", "建议类别"),
    "received_on": ("提交日期", "收到日期", "提出日期"),
}
_NEEDED = ("title", "mover", "words")
_NUMBERED = re.compile(
    r"^\s*(?:\d{1,2}\s*[.．、)）]|[（(]\s*[\d一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*、)\s*"
)
_DAY = re.compile(r"^(\d{4})\s*[-/.．年]\s*(\d{1,2})\s*[-/.．月]\s*(\d{1,2})\s*日?$")


@dataclass
class Read:
    """What one row or one document says: texts by part, and where it stands."""

    number: int
    source: str
    texts: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    #: how many bytes of text a document held
    weight: int = 0


@dataclass
class Book:
    """What a workbook says: its rows, and the sheets that hold something but have no headings, so that they are named."""

    rows: list[Read] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_workbook(raw: bytes) -> Book:
    """
    The rows of every sheet that has the headings, in any order of the columns.

    :raises FileUnreadable: if it is no workbook, or too large
    :raises FileTooFull: if more has to be parsed than a session's suggestions need
    :raises FileHasMacros: if it carries a program
    :raises SheetTooLong: if a sheet goes on far below its rows
    :raises HeadingsMissing: if no sheet has the headings
    :raises NothingInFile: if there is nothing under them
    :raises TooManyRows: if there are more than a session brings
    """
    with opened(raw, "xl/workbook.xml") as packed:
        weigh(packed, packed.infolist(), MOST_SHEETS)
    found: dict[str, list[Read]] = {}
    book = Book()
    try:
        sheets = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        for sheet in sheets.worksheets:
            # How far a sheet goes is what it holds, not what it says: what lies beyond would be lost.
            sheet.reset_dimensions()
            rows, is_empty = _sheet(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
            if rows is not None:
                found[sheet.title] = rows
            elif not is_empty and sheet.title != NOTES:
                book.unread.append(sheet.title)
    except errors.FileRefused:
        raise
    except Exception as error:  # whatever a broken file makes of the reader
        raise errors.FileUnreadable from error
    if not found:
        raise errors.HeadingsMissing
    book.rows = _in_order(found)
    if not book.rows:
        raise errors.NothingInFile
    if len(book.rows) > MOST_ROWS:
        raise errors.TooManyRows(most=MOST_ROWS)
    return book


def read_document(raw: bytes, number: int, name: str, room: int = MOST_TOGETHER) -> Read:
    """
    One suggestion: its title, who moves it, its text, and its numbered asks.

    :param room: what the documents before it leave of what an import may hold
    :raises FileUnreadable: if it is no Word document, or too large
    :raises FileTooFull: if more has to be parsed than a suggestion needs
    :raises FilesTooFull: if it goes beyond the room
    :raises FileHasMacros: if it carries a program
    """
    with opened(raw, PAPER) as packed:
        weight = weigh(packed, [packed.getinfo(PAPER)], MOST_PAPER)
        if weight > room:
            raise errors.FilesTooFull
        try:
            lines = _lines(packed.read(PAPER))
        except errors.FileRefused:
            raise
        except Exception as error:  # whatever a broken file makes of the reader
            raise errors.FileUnreadable from error
    read = _suggestion([line for line in lines if line[0]], number, name)
    read.weight = weight
    return read


def day_in(text: str) -> date | None:
    """The day that a text names, however it is written; None if it names none."""
    found = _DAY.match(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def names_in(text: str) -> list[str]:
    """
    The names in a cell, without the spaces that are written into short ones (王　伟).

    Where nothing else parts them, spaces part names of two letters and more.
    """
    parts = re.split(r"[、，,;；/\n]+", text)
    if len(parts) == 1 and all(len(part) > 1 for part in text.split()):
        parts = text.split()
    return list(dict.fromkeys(filter(None, ("".join(part.split()) for part in parts))))


def _lines(xml: bytes) -> list[tuple[str, bool]]:
    """The paragraphs of a document, those in its tables too, and whether Word numbers them."""
    paragraphs = []
    for part in parse_xml(xml).find(qn("w:body")):
        paragraphs += [part] if part.tag == qn("w:p") else list(part.iter(qn("w:p")))
        if len(paragraphs) > MOST_PARAGRAPHS:
            raise errors.FileTooFull
    return [(one.text.strip(), one.pPr is not None and one.pPr.numPr is not None) for one in paragraphs]


def _sheet(lines: Iterator[Sequence[Any]]) -> tuple[list[Read] | None, bool]:
    """What stands under a sheet's headings, None where there are none; and whether the sheet holds nothing at all."""
    columns: dict[str, int] = {}
    found: list[Read] = []
    is_empty, has_headings = True, False
    for number, cells in enumerate(lines, 1):
        is_empty = is_empty and not any(_text(cell) for cell in cells)
        if has_headings:
            if number > MOST_LINES:
                raise errors.SheetTooLong(most=MOST_LINES)
            found += _row(number, cells, columns)
        elif number <= HEADING_WITHIN:
            columns = _columns(cells)
            has_headings = all(name in columns for name in _NEEDED)
        elif not is_empty or number > MOST_LINES:
            return None, False
    return (found if has_headings else None), is_empty


def _row(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> list[Read]:
    texts = {name: _text(cells[at]) for name, at in columns.items() if at < len(cells)}
    if not any(texts.values()):
        return []
    asks = [_NUMBERED.sub("", line).strip() for line in texts.pop("asks", "").splitlines()]
    return [Read(number, "", texts, [ask for ask in asks if ask])]


def _in_order(found: Mapping[str, list[Read]]) -> list[Read]:
    """The rows of all sheets; where there are several, each says on which sheet it stands."""
    if len(found) > 1:
        for title, rows in found.items():
            for read in rows:
                read.source = _("“%(sheet)s”第 %(n)s 行") % {"sheet": title, "n": read.number}
    return [read for rows in found.values() for read in rows]


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    known = {heading: name for name, headings in HEADINGS.items() for heading in headings}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        heading = re.sub(r"[\s*＊:：]|[（(].*?[)）]", "", _text(cell))
        if heading in known:
            found.setdefault(known[heading], at)
    return found


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return str(cell).replace("_x000D_", "").replace("\0", "").strip()


def _suggestion(lines: list[tuple[str, bool]], number: int, name: str) -> Read:
    """The first line is the title; “领衔代表：…” and the like say the rest; what is numbered at the end is asked."""
    read = Read(number, name)
    labels = {heading: part for part, headings in HEADINGS.items() for heading in headings}
    body: list[tuple[str, bool]] = []
    for text, is_listed in lines:
        label, colon, rest = text.replace(":", "：", 1).partition("：")
        part = labels.get("".join(label.split())) if colon else None
        if part in ("words", "asks"):
            # A heading of its own line, with its first words perhaps behind the colon.
            body += [(label, False)] if part == "asks" else []
            body += [(rest.strip(), False)] if rest.strip() else []
        elif part is not None:
            read.texts.setdefault(part, rest.strip())
        elif not read.texts.get("title"):
            read.texts["title"] = text
        else:
            body.append((text, is_listed))
    _part_asks(read, body)
    return read


def _is_heading_of_asks(text: str) -> bool:
    return _NUMBERED.sub("", text).strip(" ：:") in {*HEADINGS["asks"], "建议", "建议如下"}


def _part_asks(read: Read, body: list[tuple[str, bool]]) -> None:
    """What stands under a heading of asks is asked, else what is numbered; the rest is the text."""
    starts = [at for at, (text, _listed) in enumerate(body) if _is_heading_of_asks(text)]
    if starts:
        words, asked = body[: starts[-1]], body[starts[-1] + 1 :]
    else:
        asked = [line for line in body if line[1] or _NUMBERED.match(line[0])]
        words = [line for line in body if line not in asked]
    read.asks = [_NUMBERED.sub("", text).strip() for text, _listed in asked]
    read.texts["words"] = "\n".join(text for text, _listed in words)
