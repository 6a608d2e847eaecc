"""A form document that can't be used is refused with its place and the remedy."""

from __future__ import annotations

import pytest

from huiyin.forms.document import RESERVED, BrokenForm, Document, in_language
from huiyin.lifecycle import bundle as bundles
from tests.forms.documents import YES_NO, document, label, source


def broken(found, *words: str) -> bool:
    with pytest.raises(BrokenForm) as refused:
        Document(found, "matter/screen")
    assert "matter/screen" in str(refused.value)
    for word in words:
        assert word in str(refused.value)
    return True


@pytest.mark.parametrize("part", ["title", "schema", "ui"])
def test_refuses_a_document_that_lacks_a_part(part):
    found = source({"a": {"kind": "text"}})
    del found[part]
    assert broken(found, part, "are required")


def test_refuses_a_document_without_an_order():
    found = source({"a": {"kind": "text"}})
    del found["ui"]["order"]
    assert broken(found, "ui.order")
    assert broken([], "are required")


def test_refuses_fields_that_are_not_in_order_and_schema():
    for change in (
        lambda ui, schema: ui["order"].append("b"),
        lambda ui, schema: schema["properties"].pop("a"),
    ):
        found = source({"a": {"kind": "text"}})
        change(found["ui"], found["schema"])
        assert broken(found, "must name the same fields")


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_refuses_names_that_the_engine_keeps_for_itself(name):
    assert broken(source({name: {"kind": "text"}}), name, "choose another")


@pytest.mark.parametrize(
    ("ui", "words"),
    [
        ({"kind": "text", "colour": "red"}, ["unknown keys", "colour", "known are", "help"]),
        ({"kind": "telepathy"}, ["unknown kind", "telepathy", "known are", "rating"]),
        ({"kind": "text", "label": {"zh": "项"}}, ["label needs zh and en"]),
        ({"kind": "text", "sensitive": True, "routing": True}, ["sensitive", "routing or fact"]),
        ({"kind": "text", "sensitive": True, "fact": True}, ["sensitive", "routing or fact"]),
        ({"kind": "choice"}, ["needs options"]),
        ({"kind": "register"}, ["needs options"]),
        ({"kind": "text", "show_if": {"field": "later", "is": ["yes"]}}, ["show_if", "before it"]),
    ],
)
def test_refuses_a_field_that_cannot_work(ui, words):
    assert broken(source({"a": ui}), ".a:", *words)


def test_refuses_a_question_that_is_decided_by_a_later_one():
    late = source({"a": {"kind": "text", "show_if": {"field": "b", "is": ["yes"]}}, "b": YES_NO})
    assert broken(late, "matter/screen.a", "before it")
    early = document({"b": YES_NO, "a": {"kind": "text", "show_if": {"field": "b", "is": ["yes"]}}})
    assert list(early.fields) == ["b", "a"]


def test_refuses_a_schema_that_is_none():
    assert broken(source({"a": {"kind": "text"}}, {"a": {"minLength": "many"}}), "schema:")


def test_takes_every_shipped_document():
    forms = {name: bundles.read(name).forms for name in bundles.shipped()}
    documents = [Document(form, name) for found in forms.values() for name, form in found.items()]
    assert len(documents) >= 15


@pytest.mark.parametrize(
    ("texts", "zh", "en"),
    [
        (label("路", "road"), "路", "road"),
        ({"zh": "路"}, "路", "路"),
        ("路", "路", "路"),
        (None, "", ""),
    ],
)
def test_speaks_the_language_of_the_page(texts, zh, en):
    from django.utils import translation

    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert in_language(texts) == expected
