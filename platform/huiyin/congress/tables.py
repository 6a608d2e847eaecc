"""The congress's own tables: how many must propose together, and what a numbered matter is called."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=2)
def _read(name: str) -> dict[str, Any]:
    with (_DATA / name).open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def threshold(kind: str, level: str) -> int:
    """How many deputies must propose a matter of a kind together, the mover counted (地方组织法, 代表法)."""
    return int((_read("thresholds.yaml").get(kind) or {}).get(level, 1))


def label(kind: str, otherwise: str) -> str:
    """What a numbered matter of a kind is called: 建议, 议案."""
    return str(_read("labels.yaml").get(kind, otherwise))
