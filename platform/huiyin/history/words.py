"""Tell an entry in words: one template per kind and language; the package that owns a kind ships its words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.template import Context, Engine, Template

from huiyin.core.languages import is_english

_folders: list[Path] = [Path(__file__).parent / "words"]
_engine = Engine(autoescape=False)


class NoWords(Exception):
    """An entry of this kind has no template; write words/<language>/<kind>.txt in the package that owns the kind."""


def register(folder: Path) -> None:
    """Add a package's folder of words (`zh/*.txt`, `en/*.txt`)."""
    if folder not in _folders:
        _folders.append(folder)


def kinds(language: str) -> frozenset[str]:
    """Every kind of entry that has words in a language."""
    return frozenset(path.stem for folder in _folders for path in (folder / language).glob("*.txt"))


@lru_cache(maxsize=256)
def _template(kind: str, language: str) -> Template:
    for folder in _folders:
        path = folder / language / f"{kind}.txt"
        if path.exists():
            return _engine.from_string(path.read_text(encoding="utf-8").strip())
    raise NoWords(f"{kind} ({language})")


def tell(kind: str, facts: Mapping[str, object] | None, *, by: str) -> str:
    """
    The sentence for an entry, as plain text, in the language of the page.

    :raises NoWords: if the kind has no template
    """
    language = "en" if is_english() else "zh"
    if facts is None:
        facts, kind = {}, "erased_entry"
    return _template(kind, language).render(Context({"by": by, **facts}, autoescape=False))
