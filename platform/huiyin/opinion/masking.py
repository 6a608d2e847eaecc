"""Find and mask what says who somebody is: telephones, identity numbers, e-mail, 微信 and QQ, and names that are known."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "＊＊＊"
#: digits as people write them, also full-width and with gaps between
_D = r"[0-9０-９]"
_GAP = r"[ \-－—　]?"
_ID = rf"(?<!{_D}){_D}{{6}}{_GAP}{_D}{{8}}{_GAP}{_D}{{3}}[0-9０-９XxＸｘ]"
#: as they were until 1999, of people who were registered then
_OLD_ID = rf"(?<!{_D}){_D}{{6}}{_GAP}{_D}{{6}}{_GAP}{_D}{{3}}(?!{_D})"
_LOOSE = r"[ .\-－—　]{0,2}"
_MOBILE = rf"(?<!{_D})(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_LOOSE})?[1１]{_LOOSE}[3-9３-９](?:{_LOOSE}{_D}){{9}}(?!{_D})"
_LANDLINE = rf"(?<!{_D})[0０]{_D}{{2,3}}{_GAP}{_D}{{7,8}}(?!{_D})"
_SIGN = r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９_＿\-－]"
_NAME = rf"{_SIGN[:-1]}.．+%]"
#: of anybody but an office: an address at gov.cn is public by law
_MAIL = (
    rf"(?<!{_NAME})(?:{_NAME}){{1,64}}[@＠](?!(?:{_SIGN}|[.．])*gov[.．]cn(?!{_SIGN}|[.．]{_SIGN}))"
    rf"{_SIGN}+(?:[.．]{_SIGN}+)+"
)
#: the name of an account after what it is an account of: 微信号：xxx, vx xxx, QQ 12345; an office's 微信公众号 is none
_ACCOUNT = (
    r"(?:微信|we ?chat|weixin|(?<![a-z])[vw]x|QQ|扣扣)(?:号码|号|账号|id)?[ 　]*(?:[:：]|是|为)?[ 　]*"
    rf"(?:[A-Za-zＡ-Ｚａ-ｚ]{_SIGN}{{5,19}}|{_D}{{5,12}}(?!{_D}))"
)
_PERSONAL = re.compile(f"{_ACCOUNT}|{_MAIL}|{_ID}|{_OLD_ID}|{_MOBILE}", re.IGNORECASE)
_NUMBERS = re.compile(f"{_PERSONAL.pattern}|{_LANDLINE}", re.IGNORECASE)


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
    """What a text must not be published with: all that is masked but landlines, and the names given."""
    return [*_PERSONAL.findall(text), *(name for name in names if name in text)]
