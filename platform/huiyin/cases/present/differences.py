"""What changed between two texts, clause by clause, as a reader marks it: kept, taken out, put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

#: A clause ends with its sign; what has none is the last.
_CLAUSE = re.compile(r"[^，。；：！？、\n,.;:!?]*[，。；：！？、\n,.;:!?]+|[^，。；：！？、\n,.;:!?]+")


@dataclass(frozen=True)
class Piece:
    """A run of clauses: `kind` is same, out or in."""

    kind: str
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order; joined without what is out they are `after`, without what is in, `before`."""
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    return tuple(piece for code in matcher.get_opcodes() for piece in _pieces(code, old, new))


def _pieces(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Piece]:
    tag, first, last, begin, end = code
    if tag == "equal":
        yield Piece("same", "".join(old[first:last]))
        return
    if last > first:
        yield Piece("out", "".join(old[first:last]))
    if end > begin:
        yield Piece("in", "".join(new[begin:end]))
