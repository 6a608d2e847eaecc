"""Rules of the words: entries, notices, field kinds, forms of tasks."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from tests.consistency import sources

LANGUAGES = ("zh", "en")
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_PROPERTY = "{http://spiffworkflow.org/bpmn/schema/1.0/core}property"
#: Where `say` and `notify` themselves are written.
TELLERS = ("platform/huiyin/cases/recording.py",)
#: call -> (place and name of the argument that says the kind, what stands before it in the words' folder)
TOLD_BY = {
    "say": (0, "kind", ""),
    "Line": (0, "kind", ""),
    "notify": (1, "kind", "notice_"),
    "Message": (1, "kind", "notice_"),
}


def kinds_told(
    texts: Mapping[str, str], known: Mapping[str, frozenset[str]]
) -> tuple[dict[str, str], list[str]]:
    """Every kind of entry and notice that the code writes with the place, and the places that can't be read."""
    kinds: dict[str, str] = {}
    unreadable = []
    for place, call in sources.calls(texts):
        if sources.name_of(call) not in TOLD_BY or place.startswith(TELLERS):
            continue
        if sources.name_of(call) in ("say", "notify") and isinstance(call.func, ast.Name):
            continue  # `say(…)` of the set-up speaks to a terminal
        index, name, prefix = TOLD_BY[sources.name_of(call)]
        node = sources.argument(call, index, name)
        try:
            for kind in sources.strings(node, known) if node is not None else ():
                kinds.setdefault(prefix + kind, place)
        except sources.Unreadable as error:
            unreadable.append(
                f"{place}: the kind {error} can't be read; write it as a literal or `a if … else b`"
            )
    return kinds, unreadable


def kinds_without_words(
    texts: Mapping[str, str],
    known: Mapping[str, frozenset[str]],
    words: Callable[[str], frozenset[str]],
    beside: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Every kind that is written has its words in both languages, and no words stand unused."""
    kinds, unreadable = kinds_told(texts, known)
    yield from unreadable
    for language in LANGUAGES:
        there = words(language)
        for kind, place in kinds.items():
            if kind not in there:
                yield f"{place}: {kind} has no words; write words/{language}/{kind}.txt in the package that owns it"
        for kind in sorted(there - set(kinds) - beside):
            yield f"words/{language}/{kind}.txt: nothing writes this kind; delete it"


def tasks_without_one_form(process: str, diagram: bytes, forms: frozenset[str]) -> Iterator[str]:
    """Every user task of a process, and its first step, has exactly one form."""
    tree = etree.fromstring(diagram)
    steps = [*tree.iter(f"{_BPMN}userTask"), *tree.findall(f"{_BPMN}process/{_BPMN}startEvent")]
    for step in steps:
        named = [item.get("value") for item in step.iter(_PROPERTY) if item.get("name") == "form"]
        if len(named) != 1:
            yield f"{process}.{step.get('id')} has {len(named)} forms: give it one property `form`"
        for name in named:
            if name not in forms:
                yield f"{process}.{step.get('id')}: write forms/{process}/{name}.json, or correct the property `form`"


def kinds_that_are_not_whole(
    kinds: Mapping[str, Any],
    templates: frozenset[str],
    recorders: frozenset[str],
    parts: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """A field kind is its schema, widget, recorder, words and export column."""
    for name, kind in kinds.items():
        schema = kind.schema({"options": {"a": {"zh": "甲", "en": "A"}}})
        if not isinstance(schema, dict) or not schema:
            yield f"field kind {name}: give it a JSON Schema in forms/kinds.py"
        if name not in templates:
            yield f"field kind {name}: write its widget forms/templates/forms/kinds/{name}.html"
        if name not in recorders:
            yield f"field kind {name}: register its recorder with @recorder({name!r}) in the package that owns the row"
        if not callable(kind.export):
            yield f"field kind {name}: give it a column in exports (Kind.export)"
        for part, inner in schema.get("properties", {}).items():
            worded = {code for code, _text in parts.get(name, {}).get(part, ())}
            for code in sorted(set(inner.get("enum", ())) - worded):
                yield f"field kind {name}: {part}={code} has no words; add them to PARTS in forms/parts.py"
