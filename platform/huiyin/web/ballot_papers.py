"""
Ballot papers as a clerk types them: one paper a line, without taking a hand from the keyboard.

A county's box holds up to 240 papers. With a page of boxes each of them would cost a dozen aims with the mouse; typed,
a paper is read out by one clerk and written by the other: `1 3 5 7 9` and Enter. When ten of twelve may be chosen it is
quicker still to write the two that were not: `-4 -9`. A line is checked like a proof-reader would: a number that is not
on the ballot, or stands twice, is a slip of the hand and is said with its line; what a voter may really have done on
paper (too many marks, nothing at all, nothing legible) is taken as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.congress.counting import Marks

#: a paper that nobody can read, and an empty one, as they are typed
UNREADABLE = frozenset({"x", "×", "废"})
EMPTY = frozenset({"0", "弃"})
_BETWEEN = re.compile(r"[\s,.;、。]+")


@dataclass(frozen=True)
class Papers:
    """What was typed: the marks of each paper, and the lines that cannot be right."""

    votes: tuple[Marks, ...]
    #: (line, its words, what is wrong with them); the words are what a clerk finds among 240 lines
    problems: tuple[tuple[int, str, str], ...]
    #: the lines with more marks than places: such a paper is invalid
    too_many: tuple[int, ...]

    @property
    def unreadable(self) -> int:
        """How many nobody can read."""
        return sum(marks is None for marks in self.votes)

    @property
    def empty(self) -> int:
        """How many abstain."""
        return sum(marks is not None and not marks for marks in self.votes)


class _Slip(Exception):
    """A line that cannot be right."""


def read_papers(text: str, numbers: Collection[int], places: int, *, ranked: bool) -> Papers:
    """
    Read one paper a line; an empty line is none, so that an Enter too many adds no abstention.

    :param numbers: the candidates
    :param places: how many may be chosen
    :param ranked: whether the numbers stand in the voter's order
    """
    votes: list[Marks] = []
    problems, too_many = [], []
    for line, words in enumerate(unicodedata.normalize("NFKC", text).lower().splitlines(), 1):
        if not words.strip():
            continue
        try:
            marks = _marks(words, numbers, ranked=ranked)
        except _Slip as slip:
            problems.append((line, words.strip()[:40], str(slip)))
            continue
        votes.append(marks)
        if marks is not None and len(marks) > places:
            too_many.append(line)
    return Papers(tuple(votes), tuple(problems), tuple(too_many))


def _marks(words: str, numbers: Collection[int], *, ranked: bool) -> Marks:
    parts = [part for part in _BETWEEN.split(words) if part]
    if len(parts) == 1 and parts[0] in UNREADABLE:
        return None
    if len(parts) == 1 and parts[0] in EMPTY:
        return []
    struck = [part.startswith("-") for part in parts]
    if any(struck) and (ranked or not all(struck)):
        raise _Slip(_("“-”只用于赞成票，一行里要么全带，要么全不带"))
    found: list[int] = []
    for part in parts:
        digits = part.removeprefix("-")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None
        if number not in numbers:
            raise _Slip(_("没有“%(part)s”号候选") % {"part": digits[:12]})
        if number in found:
            raise _Slip(_("%(number)s 号写了两次") % {"number": number})
        found.append(number)
    return [number for number in sorted(numbers) if number not in found] if any(struck) else found
