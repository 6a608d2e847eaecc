"""Official titles: 「县十七届人大五次会议第12号建议」, between sessions 「县十七届人大闭会第3号建议」."""

from __future__ import annotations

from typing import Protocol

from huiyin.directory.models import Place, Term

_DIGITS = "零一二三四五六七八九"
_LEVELS = {Place.Level.PROVINCE: "省", Place.Level.CITY: "市", Place.Level.COUNTY: "县"}


class Named(Protocol):
    """What a title begins with; a session fits."""

    name: str


def chinese(number: int) -> str:
    """
    A number from 1 to 99 in Chinese numerals: 五, 十, 十七, 二十一.

    :raises ValueError: beyond them
    """
    if not 0 < number < 100:
        raise ValueError(f"{number} is no number of a term or a session")
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def congress_word(place: Place) -> str:
    """省, 市 or 县; a township is called by its name, for a county has many."""
    return _LEVELS.get(Place.Level(place.level), place.name)


def term_name(term: Term) -> str:
    """县十七届人大, 石棠镇十七届人大."""
    return f"{congress_word(term.place)}{chinese(term.number)}届人大"


def session_name(term: Term, number: int | None) -> str:
    """县十七届人大五次会议, 石棠镇十七届人大五次会议; 县十七届人大闭会 without a number."""
    when = "闭会" if number is None else f"{chinese(number)}次会议"
    return f"{term_name(term)}{when}"


def title_of(session: Named, kind_label: str, number: int) -> str:
    """The official title of a numbered matter."""
    return f"{session.name}第{number}号{kind_label}"
