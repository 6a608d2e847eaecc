"""A form is a page without scripts: every kind has its widget, words are kept, problems lead to their field."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from huiyin.forms import rendering
from huiyin.forms.kinds import KINDS
from huiyin.lifecycle import bundle as bundles
from tests.forms.documents import YES_NO, document

WORDS = {
    "text": "路灯坏了<b>", "choice": "yes", "date": "2026-09-02", "place": "abcd", "deputy": "abcd",
    "case": "民2026-000001", "photos": ["abcd"], "voice": ["abcd"], "units": {"lead": "abcd", "co": ["abce"]},
    "progress": {"stage": "踏勘", "text": "看过"}, "contact": {"way": "phone", "on": "2026-09-02", "text": "说明"},
    "reply": {"result": "done", "text": "已修好"}, "rating": {"result": "basic", "words": "还行"},
    "objection": {"reason": "不属本单位", "suggest": "abcd"}, "ruling": {"decision": "upheld", "reason": "理由"},
}  # fmt: skip
OPTIONS = [("abcd", "甲局"), ("abce", "乙局")]
CHOICES = dict.fromkeys(("units", "objection", "ruling", "deputy", "place"), OPTIONS)


def page(found, **given) -> str:
    return render_to_string("forms/form.html", {"form": rendering.view(found, **given)})


def ui(kind: str) -> dict:
    return YES_NO if kind == "choice" else {"kind": kind}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_widget_that_posts_under_the_fields_name(kind):
    html = page(document({"a": ui(kind)}), choices=CHOICES)
    assert re.search(r'name="a[".]', html)
    assert "a项" in html


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_keeps_the_words_of_a_refused_page(kind):
    html = page(
        document({"a": ui(kind)}), values={"a": WORDS[kind]}, problems={"a": "请更正"}, choices=CHOICES
    )
    value = WORDS[kind]
    texts = value.values() if isinstance(value, dict) else [value]
    for text in texts:
        for item in text if isinstance(text, list) else [text]:
            assert item.replace("<b>", "&lt;b&gt;") in html
    assert "请更正" in html
    assert 'href="#f-a"' in html
    assert "<b>" not in html


def test_words_are_tried_for_every_kind():
    assert set(WORDS) == set(KINDS)


def test_marks_what_must_be_answered_and_starts_from_the_default():
    html = page(document({"a": {**YES_NO, "default": "no"}}, None, ["a"]))
    assert "必填" in html
    assert re.search(r'value="no"[^>]*checked', html)
    assert not re.search(r'value="yes"[^>]*checked', html)


def test_hides_without_scripts_what_is_not_asked():
    found = document({"a": YES_NO, "b": {"kind": "text", "show_if": {"field": "a", "is": ["yes"]}}})
    view = rendering.view(found)
    assert view.conditions == (("b", "a", ("yes",)),)
    html = page(found)
    assert ".field-b { display: none }" in html
    assert '[name="a"][value="yes"]:checked' in html
    assert "<script" not in html


def test_says_whether_the_page_carries_files():
    assert rendering.view(document({"a": {"kind": "photos"}})).has_files
    assert not rendering.view(document({"a": {"kind": "text"}})).has_files


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_shipped_form_renders_in_both_languages(language):
    bundle = bundles.read("matter")
    from huiyin.forms.document import Document

    with translation.override(language):
        for name, source in bundle.forms.items():
            html = page(Document(source, name), choices=CHOICES)
            assert "field-" in html
            if language == "en":
                assert not re.search("[一-鿿]", re.sub("甲局|乙局|民2", "", html)), name
