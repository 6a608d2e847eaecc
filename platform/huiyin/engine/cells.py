"""
The cells of a decision table: FEEL's unary tests, as far as people use them (DMN 1.3, clause 10.3.1.2,
grammar rules 7-17): `-`, literals, lists of them, comparisons, ranges and `not(…)`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huiyin.engine.errors import BadExpression
from huiyin.engine.facts import MAX_INT

MAX_CELL = 500
_CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\["\\])*")|(?P<number>-?[0-9]{1,16}(?:\.[0-9]{1,10})?)"""
    r"""|(?P<word>true|false|null|not)\b|(?P<sign>\.\.|<=|>=|<|>|[-,()\[\]]))"""
)


@dataclass(frozen=True)
class Test:
    """What a cell asks of its input; `source` is the cell as written."""

    source: str
    holds: Callable[[object], bool]


def parse_test(source: str) -> Test:
    """
    Read an input cell. An empty cell is the same as `-`: anything goes.

    :raises BadExpression: if it is none of the supported forms
    """
    return Test(source.strip(), _Cell(source).test())


def parse_value(source: str) -> object:
    """
    Read an output cell: one literal.

    :raises BadExpression: if it is anything else
    """
    cell = _Cell(source)
    value = cell.literal()
    cell.finish()
    return value


class _Cell:
    """A cell's tokens and the place reached in them."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_CELL:
            raise BadExpression(f"a cell of more than {MAX_CELL} characters")
        self.source = source.strip()
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(self.source):
            match = _TOKEN.match(self.source, at)
            if match is None:
                raise BadExpression(f"the cell {self.source!r} cannot be read")
            tokens.append((str(match.lastgroup), match.group(match.lastgroup or 0)))
            at = match.end()
        return tokens

    def take(self, *wanted: str) -> str | None:
        """The next token if it is one of these."""
        if self.at < len(self.tokens) and self.tokens[self.at][1] in wanted:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def need(self, *wanted: str) -> str:
        found = self.take(*wanted)
        if found is None:
            raise BadExpression(f"the cell {self.source!r} cannot be read")
        return found

    def finish(self) -> None:
        if self.at != len(self.tokens):
            raise BadExpression(f"the cell {self.source!r} cannot be read")

    def test(self) -> Callable[[object], bool]:
        if not self.tokens or self.tokens == [("sign", "-")]:
            return lambda value: True
        if self.take("not"):
            self.need("(")
            inner = self.choices()
            self.need(")")
            self.finish()
            return lambda value: not inner(value)
        choices = self.choices()
        self.finish()
        return choices

    def choices(self) -> Callable[[object], bool]:
        tests = [self.single()]
        while self.take(","):
            tests.append(self.single())
        return lambda value: any(test(value) for test in tests)

    def single(self) -> Callable[[object], bool]:
        sign = self.take(*_COMPARISONS)
        if sign:
            bound, compare = self.number(), _COMPARISONS[sign]
            return lambda value: _holds(compare, value, bound)
        opening = self.take("[", "(", "]")
        if opening:
            return self.range(opening)
        wanted = self.literal()
        return lambda value: _same(value, wanted)

    def range(self, opening: str) -> Callable[[object], bool]:
        low = self.number()
        self.need("..")
        high = self.number()
        closing = self.need("]", ")", "[")
        above = operator.ge if opening == "[" else operator.gt
        below = operator.le if closing == "]" else operator.lt
        return lambda value: _holds(above, value, low) and _holds(below, value, high)

    def number(self) -> float:
        value = self.literal()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadExpression(f"a number was expected in the cell {self.source!r}")
        return value

    def literal(self) -> object:
        if self.at >= len(self.tokens):
            raise BadExpression(f"the cell {self.source!r} holds no value")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if kind == "number":
            number = float(token) if "." in token else int(token)
            if abs(number) > MAX_INT:
                raise BadExpression("the number is too large")
            return number
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        raise BadExpression(f"the cell {self.source!r} cannot be read")


def _holds(compare: Callable[[float, float], bool], value: object, bound: float) -> bool:
    """A comparison; anything but a number compares with nothing."""
    return isinstance(value, int | float) and not isinstance(value, bool) and compare(value, bound)


def _same(value: object, wanted: object) -> bool:
    """Equality without Python's surprise that True is 1."""
    return (type(value) is bool) == (type(wanted) is bool) and value == wanted
