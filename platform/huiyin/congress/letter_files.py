"""A letter of reply as a Word file: what it may name in double braces, and where its paragraphs stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx

from huiyin.congress import errors, unpacking

#: What a letter may name: single words, and what becomes as many paragraphs as it needs.
WORDS = (
    "类别",
    "办理结果",
    "文号",
    "标题",
    "事项",
    "编号",
    "称呼",
    "联系人",
    "联系电话",
    "签发人",
    "单位",
    "日期",
    "抄送",
)
BODY = "正文"
PARAGRAPHS = (BODY, "协办意见", "征询表标题", "征询表")
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: Whatever somebody wrote in braces, a name or not.
_BRACED = re.compile(r"\{\{\s*(.*?)\s*\}\}")
LARGEST = 2 * unpacking.MB


def check(raw: bytes) -> None:
    """
    Whether a file can be a unit's own letter.

    :raises errors.FileRefused: if it is no Word file without macros, or holds far more than a letter
    :raises errors.LetterTooLarge: if it is larger than 2 MB
    :raises errors.LetterNameUnknown: if it names in braces what nobody can fill
    :raises errors.LetterWithoutBody: if the answer itself would be missing
    """
    if len(raw) > LARGEST:
        raise errors.LetterTooLarge
    try:
        with unpacking.opened(raw, unpacking.PAPER) as packed:
            unpacking.weigh(packed, packed.infolist(), LARGEST)
    except errors.FileUnreadable as error:
        raise errors.LetterFileUnreadable from error
    try:
        found = [
            name for one in paragraphs_of(docx.Document(BytesIO(raw))) for name in _BRACED.findall(one.text)
        ]
    except Exception as error:  # whatever a broken file makes of the reader
        raise errors.LetterFileUnreadable from error
    known = (*WORDS, *PARAGRAPHS)
    for name in found:
        if name not in known:
            raise errors.LetterNameUnknown(name=name, known="、".join(known))
    if BODY not in found:
        raise errors.LetterWithoutBody


def paragraphs_of(letter: Any) -> Iterator[Any]:
    """Every paragraph: of the body, of tables, of headers and footers."""
    yield from letter.paragraphs
    for table in letter.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
    for section in letter.sections:
        yield from section.header.paragraphs
        yield from section.footer.paragraphs
