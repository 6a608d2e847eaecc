"""What a case is called, and the text of a suggestion as those who sign it see it: signatures are bound to its hash."""

from __future__ import annotations

import hashlib

from huiyin.cases.models import Ask, Case, CaseText
from huiyin.core import canonical

TITLE_LENGTH = 200
#: What a matter is called that came as a clip alone; where it is stands behind it.
SPOKEN = "语音反映"


def title_of(words: str) -> str:
    """Words in one line, cut where a title ends."""
    line = " ".join(words.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def text_hash(case: Case) -> str:
    """The SHA-256 of title, words and numbered asks; whoever changes one of them has another text before him."""
    words = CaseText.objects.filter(case=case).values_list("words", flat=True).first() or ""
    asks = list(Ask.objects.filter(case=case).order_by("number").values_list("text", flat=True))
    return hashlib.sha256(canonical.encode({"title": case.title, "words": words, "asks": asks})).hexdigest()
