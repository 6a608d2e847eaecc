"""The pure functions an expression may call. Each takes and gives bounded plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huiyin.engine.errors import BadExpression


def _number(value: Any) -> Any:
    if type(value) not in (int, float, bool):
        raise BadExpression("a number was expected")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise BadExpression("a text was expected")
    return value


def _items(value: Any) -> list[Any]:
    if type(value) is not list:
        raise BadExpression("a list was expected")
    return value


def _sized(value: Any) -> Any:
    if type(value) not in (str, list, dict):
        raise BadExpression("a text or a list was expected")
    return value


def _round(value: Any, digits: Any = 0) -> Any:
    # A huge negative number of digits makes round() build a number of that many digits.
    if type(digits) is not int or not 0 <= digits <= 6:
        raise BadExpression("round() takes 0 to 6 digits")
    return round(_number(value), digits) if digits else round(_number(value))


def _least(*values: Any) -> Any:
    return min(_items(values[0]) if len(values) == 1 else values)


def _most(*values: Any) -> Any:
    return max(_items(values[0]) if len(values) == 1 else values)


def _int(value: Any) -> int:
    if type(value) is str and len(value) > 20:
        raise BadExpression("too long for a number")
    return int(value if type(value) is str else _number(value))


def _float(value: Any) -> float:
    if type(value) is str and len(value) > 40:
        raise BadExpression("too long for a number")
    return float(value if type(value) is str else _number(value))


def _str(value: Any) -> str:
    if type(value) not in (str, int, float, bool):
        raise BadExpression("str() takes a plain value")
    return str(value)


def _contains(whole: Any, part: Any) -> bool:
    if type(whole) is str:
        return _text(part) in whole
    return part in _items(whole)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda value: abs(_number(value)),
    "all": lambda items: all(_items(items)),
    "any": lambda items: any(_items(items)),
    "bool": bool,
    "contains": _contains,
    "count": lambda items, item: _items(items).count(item),
    "ends_with": lambda text, part: _text(text).endswith(_text(part)),
    "float": _float,
    "int": _int,
    "len": lambda value: len(_sized(value)),
    "lower": lambda text: _text(text).lower(),
    "max": _most,
    "min": _least,
    "round": _round,
    "starts_with": lambda text, part: _text(text).startswith(_text(part)),
    "str": _str,
    "strip": lambda text: _text(text).strip(),
    "sum": lambda items: sum(_number(item) for item in _items(items)),
    "upper": lambda text: _text(text).upper(),
}
