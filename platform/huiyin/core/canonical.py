"""One way to turn facts into bytes, so that a hash means the same everywhere."""

import json
from datetime import date, datetime
from typing import Any


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form; pass text, numbers, lists and mappings")


def encode(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spaces (after RFC 8785, without its float rules: no floats here)."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    ).encode()
