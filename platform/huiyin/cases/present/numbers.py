"""文号: what a unit's next letter is numbered, as the one before it was."""

from __future__ import annotations

import re
from datetime import date

from huiyin.cases.models import ReplyDraft
from huiyin.directory.models import Unit

#: 机关代字、年份、序号: GB/T 9704—2012, 7.2.5 (the year in hexagonal brackets, the number without a leading 第 or zeros).
_NUMBER = re.compile(r"(?P<mark>.+)〔(?P<year>[0-9]{4})〕(?P<number>[0-9]{1,6})号")


def next_document_number(unit: Unit, on: date) -> str:
    """
    The number after the highest of the year under the mark that the unit used last; 1 in a new year.

    Empty where the unit has signed nothing yet, or numbers its letters in another way: then nobody is told what to write.
    """
    issued = ReplyDraft.objects.filter(unit=unit).exclude(document_number="")
    last = issued.order_by("-signed_on", "-pk").values_list("document_number", flat=True).first()
    known = _NUMBER.fullmatch(last or "")
    if known is None:
        return ""
    stem = f"{known['mark']}〔{on.year}〕"
    used = issued.filter(document_number__startswith=stem).values_list("document_number", flat=True)
    numbers = [int(found["number"]) for one in used if (found := _NUMBER.fullmatch(one))]
    return f"{stem}{max(numbers, default=0) + 1}号"
