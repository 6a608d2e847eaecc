"""Office files as offices send them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO

import docx
import openpyxl

WORDS = "老城区供水管网建成三十余年，爆管频发，居民用水得不到保障，群众反映强烈。"
HEADINGS = ("序号", "案由", "领衔代表", "附议代表", "正文", "诉求", "类别", "提交日期")


def workbook(rows: Sequence[Sequence[object]], headings: Sequence[str] = HEADINGS, above: int = 0) -> bytes:
    """A workbook with rows under headings, and lines of something else above them."""
    book = openpyxl.Workbook()
    for n in range(above):
        book.active.append([f"县第十七届人大代表建议汇总 {n}"])
    book.active.append(list(headings))
    for row in rows:
        book.active.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheets(*tables: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of several sheets, each with its name and its lines as they are."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in tables:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def row(number: int, mover: str, **other: object) -> list[object]:
    """A row that nothing is wrong with, but for what is given."""
    said = {
        "title": f"关于改造第{number}片老城区供水管网的建议", "mover": mover, "cosigners": "", "words": WORDS,
        "asks": "1. 年内完成主管网改造\n2. 公布停水安排和改造计划", "category": "水利", "received_on": "2026-02-10",
    } | other  # fmt: skip
    return [number, *said.values()]


def document(*lines: str) -> bytes:
    """A Word document of some paragraphs."""
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def with_part(raw: bytes, name: str, data: bytes) -> bytes:
    """The same file with one part more."""
    out = BytesIO(raw)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
    return out.getvalue()


def replaced(raw: bytes, name: str, data: bytes) -> bytes:
    """The same file with another part in the place of one of its own."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
        for entry in packed.infolist():
            other.writestr(entry.filename, data if entry.filename == name else packed.read(entry))
    return out.getvalue()


def paper_of(paragraphs: str) -> bytes:
    """A Word document with a body as it is given."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
    return replaced(document("x"), "word/document.xml", xml.encode())
