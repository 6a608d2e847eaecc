"""批注: the passages of a text that reviewers marked, found again word for word."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.cases.models import DraftReview


@dataclass(frozen=True)
class Run:
    """A run of a text; `number` is that of the mark that it carries, 0 for none."""

    text: str
    number: int = 0


def find(text: str, passage: str, begin: int = 0) -> tuple[int, int] | None:
    """Where a passage stands first; a break in its place may be another space, as a browser selects it."""
    words = passage.split()
    found = re.compile(r"\s+".join(map(re.escape, words))).search(text, begin) if words else None
    return found.span() if found else None


def runs(text: str, passages: Mapping[int, str]) -> tuple[Run, ...]:
    """
    A text cut where its marks begin and end; joined, the runs are the text again.

    :param passages: what is marked, by the mark's number; one that does not stand here, or in another's midst, is left out
    """
    spans: list[tuple[int, int, int]] = []
    for number, passage in passages.items():
        place = find(text, passage)
        while place and any(place[0] < end and start < place[1] for start, end, _number in spans):
            place = find(text, passage, place[0] + 1)
        if place:
            spans.append((*place, number))
    pieces, at = [], 0
    for start, end, number in sorted(spans):
        pieces += [Run(text[at:start]), Run(text[start:end], number)]
        at = end
    return tuple(piece for piece in [*pieces, Run(text[at:])] if piece.text)


def numbered(reviews: Iterable[DraftReview]) -> list[tuple[DraftReview, list[tuple[int, dict[str, Any]]]]]:
    """Each review of a draft with its marks, which are counted through."""
    numbers = itertools.count(1)
    return [(review, [(next(numbers), mark) for mark in review.marks]) for review in reviews]


def marked(text: str, reviews: Iterable[DraftReview], ask: int) -> tuple[Run, ...]:
    """
    A text of a draft, cut where the marks of its reviews begin and end.

    :param ask: the number of the ask that it answers, 0 for the text beside them
    """
    marks = [mark for _review, found in numbered(reviews) for mark in found]
    return runs(text, {number: mark["passage"] for number, mark in marks if mark["ask"] == ask})
