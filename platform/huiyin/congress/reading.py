"""
Suggestions out of office files: the rows of a workbook, or one Word document each.

Values are read as they were last shown: a formula is never computed, a file with macros is refused, nothing is fetched.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

import docx
import openpyxl

from huiyin.congress import errors

#: What one file may weigh as it is sent and unpacked, how many parts and how many rows it may have.
MOST_BYTES, MOST_UNPACKED, MOST_PARTS, MOST_ROWS = 10 * 1024 * 1024, 80 * 1024 * 1024, 3000, 1000
MOST_COLUMNS, HEADING_WITHIN = 40, 10
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


def read_workbook(raw: bytes) -> list[Read]:
    """
    The rows of the first sheet that has the headings, in any order of the columns.

    :raises FileUnreadable: if it is no workbook, or too large
    :raises FileHasMacros: if it carries a program
    :raises HeadingsMissing: if no sheet has the headings
    :raises NothingInFile: if there is nothing under them
    :raises TooManyRows: if there are more than a session brings
    """
    _check(raw, "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            lines = sheet.iter_rows(
                max_col=MOST_COLUMNS, max_row=MOST_ROWS + HEADING_WITHIN + 1, values_only=True
            )
            found = _rows(enumerate(lines, 1))
            if found is not None:
                return _not_empty(found)
    except errors.FileRefused:
        raise
    except Exception as error:  # whatever a broken file makes of the reader
        raise errors.FileUnreadable from error
    raise errors.HeadingsMissing


def read_document(raw: bytes, number: int, name: str) -> Read:
    """
    One suggestion: its title, who moves it, its text, and its numbered asks.

    :raises FileUnreadable: if it is no Word document, or too large
    :raises FileHasMacros: if it carries a program
    """
    _check(raw, "word/document.xml")
    try:
        paragraphs = docx.Document(BytesIO(raw)).paragraphs
        lines = [
            (one.text.strip(), one._p.pPr is not None and one._p.pPr.numPr is not None) for one in paragraphs
        ]
    except Exception as error:  # whatever a broken file makes of the reader
        raise errors.FileUnreadable from error
    return _suggestion([line for line in lines if line[0]], number, name)


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


def _check(raw: bytes, part: str) -> None:
    """Look at the table of contents before anything is unpacked."""
    if len(raw) > MOST_BYTES:
        raise errors.FileUnreadable
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise errors.FileUnreadable from error
    names = {entry.filename for entry in entries}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise errors.FileHasMacros
    unpacked = sum(entry.file_size for entry in entries)
    if part not in names or unpacked > MOST_UNPACKED or len(entries) > MOST_PARTS:
        raise errors.FileUnreadable


def _rows(lines: Iterator[tuple[int, Sequence[Any]]]) -> list[Read] | None:
    """What stands under the headings; None where there are none."""
    columns: dict[str, int] = {}
    for number, cells in lines:
        columns = _columns(cells)
        if all(name in columns for name in _NEEDED):
            break
        if number >= HEADING_WITHIN:
            return None
    else:
        return None
    found = []
    for number, cells in lines:
        texts = {name: _text(cells[at]) for name, at in columns.items() if at < len(cells)}
        if any(texts.values()):
            asks = [_NUMBERED.sub("", line).strip() for line in texts.pop("asks", "").splitlines()]
            found.append(Read(number, "", texts, [ask for ask in asks if ask]))
    return found


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


def _not_empty(found: list[Read]) -> list[Read]:
    if not found:
        raise errors.NothingInFile
    if len(found) > MOST_ROWS:
        raise errors.TooManyRows(most=MOST_ROWS)
    return found


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
