"""The text of a suggestion as those who sign it see it: signatures are bound to its hash."""

from __future__ import annotations

import hashlib

from huiyin.cases.models import Ask, Case, CaseText
from huiyin.core import canonical


def text_hash(case: Case) -> str:
    """The SHA-256 of title, words and numbered asks; whoever changes one of them has another text before him."""
    words = CaseText.objects.filter(case=case).values_list("words", flat=True).first() or ""
    asks = list(Ask.objects.filter(case=case).order_by("number").values_list("text", flat=True))
    return hashlib.sha256(canonical.encode({"title": case.title, "words": words, "asks": asks})).hexdigest()
