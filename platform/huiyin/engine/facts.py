"""Routing facts: the only data the engine carries. Answers live in tables of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping

from huiyin.engine.errors import NotFacts

MAX_KEYS = 100
MAX_TEXT = 2_000
MAX_ITEMS = 1_000
MAX_INT = 10**15
# `typename` makes SpiffWorkflow's serializer rebuild an object, `data_objects` is its own store.
RESERVED = frozenset({"typename", "data_objects"})


def is_name(text: str) -> bool:
    """Whether a fact may be called so: an identifier (Chinese is fine), not private, not reserved."""
    return text.isidentifier() and not text.startswith("_") and text not in RESERVED


def checked(data: Mapping[str, object]) -> dict[str, object]:
    """
    Copy facts so that the caller's lists stay the caller's.

    :raises NotFacts: if a name is reserved or a value is not small and plain
    """
    if len(data) > MAX_KEYS:
        raise NotFacts(f"more than {MAX_KEYS} routing facts")
    for name in data:
        if not isinstance(name, str) or not is_name(name):
            raise NotFacts(f"{name!r} is no name for a routing fact")
    return {name: _checked_value(name, value) for name, value in data.items()}


def _checked_value(name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        if len(value) > MAX_ITEMS:
            raise NotFacts(f"{name}: a list of more than {MAX_ITEMS} items")
        return [_checked_scalar(name, item) for item in value]
    return _checked_scalar(name, value)


def _checked_scalar(name: str, value: object) -> object:
    # `type(...) is`: a subclass (an enum, a lazy translation) would not survive the saved state.
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is int and abs(value) <= MAX_INT:  # type: ignore[arg-type]
        return value
    if kind is float and math.isfinite(value):  # type: ignore[arg-type]
        return value
    if kind is str and len(value) <= MAX_TEXT and _encodable(value):  # type: ignore[arg-type]
        return value
    raise NotFacts(f"{name}: {kind.__name__} is not a plain value, or it is too large")


def _encodable(text: str) -> bool:
    """Lone surrogates pass through Python but not through UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
