"""
How like two Chinese texts are: the share of letter pairs that the shorter one has in common with the other.

Most Chinese words have two letters and people put them in ever other order: the trigrams of PostgreSQL find
老桥路灯不亮 in 村口老桥的路灯坏了 hardly at all, pairs find it.
"""

from __future__ import annotations

import re
import unicodedata

#: what every report says, whatever it is about
_COMMON = re.compile(
    "尽快|希望|请|有关部门|部门|解决|处理|修好|一下|我们|这里|已经|反映|情况|问题|一个|没有|没人|老人|孩子|小孩"
    "|[的了很也都还]"
)
_WORDS = re.compile(r"[^\W_]+")


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters, within words and not across signs."""
    plain = _COMMON.sub(" ", unicodedata.normalize("NFKC", text).lower())
    return frozenset(run[n : n + 2] for run in _WORDS.findall(plain) for n in range(len(run) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0 (nothing in common) and 1 (one lies in the other)."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0
