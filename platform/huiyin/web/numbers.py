"""Numbers that come back: in hidden fields, and as people type them from a receipt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

#: so many years back a number is looked for that was typed without its year
YEARS = 3
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―－_]+")
_TYPED = re.compile(r"(?P<prefix>[^\d]?)(?P<year>\d{4})(?P<count>\d{6})")


def number_in(text: str) -> int | None:
    """The number that a page wrote, or None for anything else a stranger may send."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def spellings_of(typed: str, year: int, prefixes: Collection[str]) -> list[str]:
    """
    The numbers that may be meant: without their first sign, with another dash or none, with spaces, in full-width digits.

    :param year: of today; a count alone may be of this year or of one of the last
    :param prefixes: what stands before the numbers of the kinds that are handled here
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    found = _TYPED.fullmatch(plain)
    if found:
        named = [found["prefix"]] if found["prefix"] else prefixes
        return [f"{prefix}{found['year']}-{found['count']}" for prefix in named]
    if plain.isascii() and plain.isdigit() and len(plain) <= 6:
        years = range(year, year - YEARS, -1)
        return [f"{prefix}{one}-{plain:0>6}" for one in years for prefix in prefixes]
    return [typed]
