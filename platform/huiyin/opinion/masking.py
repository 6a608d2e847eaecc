"""Find and mask what says who somebody is: mobile numbers, landlines, identity numbers, and names that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "＊＊＊"
#: digits as people write them, also full-width and with gaps between
_D = r"[0-9０-９]"
_GAP = r"[ \-－—　]?"
_ID = rf"(?<!{_D}){_D}{{6}}{_GAP}{_D}{{8}}{_GAP}{_D}{{3}}[0-9０-９XxＸｘ]"
_LOOSE = r"[ .\-－—　]{0,2}"
_MOBILE = rf"(?<!{_D})(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_LOOSE})?[1１]{_LOOSE}[3-9３-９](?:{_LOOSE}{_D}){{9}}(?!{_D})"
_LANDLINE = rf"(?<!{_D})[0０]{_D}{{2,3}}{_GAP}{_D}{{7,8}}(?!{_D})"
_PERSONAL = re.compile(f"{_ID}|{_MOBILE}")
_NUMBERS = re.compile(f"{_ID}|{_MOBILE}|{_LANDLINE}")


def mask(text: str, names: Iterable[str] = (), *, landlines: bool = True) -> str:
    """
    The text with numbers and names masked.

    :param landlines: whether landlines go too; in a reply they are the office's own and stay
    """
    masked = (_NUMBERS if landlines else _PERSONAL).sub(MASK, text)
    for name in names:
        masked = masked.replace(name, MASK)
    return masked


def personal_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """What a text must not be published with: mobile and identity numbers, and the names given."""
    return [*_PERSONAL.findall(text), *(name for name in names if name in text)]
