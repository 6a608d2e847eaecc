"""A form is a page without scripts: every kind has its widget, words are kept, problems lead to their field."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from huiyin.forms import rendering
from huiyin.forms.kinds import KINDS
from huiyin.forms.sentences import SENTENCES, OfPart
from huiyin.lifecycle import bundle as bundles
from tests.forms.documents import YES_NO, document

WORDS = {
    "text": "路灯坏了<b>", "choice": "yes", "date": "2026-09-02", "place": "abcd", "deputy": "abcd", "receiver": "abcd",
    "case": "民2026-000001", "photos": ["abcd"], "voice": ["abcd"], "units": {"lead": "abcd", "co": ["abce"]},
    "progress": {"stage": "踏勘", "text": "看过"}, "contact": {"way": "phone", "on": "2026-09-02", "text": "说明"},
    "reply": {"result": "done", "text": "已修好"}, "rating": {"result": "basic", "words": "还行"},
    "objection": {"reason": "不属本单位", "suggest": "abcd"}, "ruling": {"decision": "upheld", "reason": "理由"},
    "second_look": {"decision": "upheld"},
    "asks": ["请修桥面", "请装路灯<b>"], "invitations": ["abce"], "signatures": {"confirmed": "yes"},
    "conversion": {"confirmed": "yes"}, "split": ["2"],
    "register": {"category": "yes"}, "handover": {"on": "2026-09-02"},
    "reply_draft": {
        "result": "doing", "text": "分两期实施", "contact_name": "林晚", "contact_phone": "0570-1",
        "asks": [{"ask": 2, "result": "planned", "text": "明年装灯"}],
    },
    "review": {"decision": "return", "remarks": "缺时间表"},
    "issuing": {"decision": "issue", "document_number": "衢建〔2026〕1号", "signed_by": "方明", "signed_on": "2026-09-02"},
    "delivery": {"on": "2026-09-02", "way": "paper"}, "extension": {"to": "2026-12-01", "reason": "涉及面广"},
    "extension_ruling": {"decision": "granted", "to": "2026-12-01", "reason": "同意"},
    "commitments": [{"text": "年底前装灯", "due_on": "2026-12-31"}],
    "milestones": [{"name": "立项", "planned_on": "2026-10-01"}],
    "visit": {"agrees": "no", "text": "灯还没装", "photos": ["abcd"]}, "ballot": {"ballot": "abcd"},
    "transcription": {"way": "paper", "on": "2026-09-02", "note": "邮寄，节后拆封", "proof": ["abcd"]},
    "tally": {"members": "190", "satisfied": "152", "basic": "30", "dissatisfied": "0", "abstained": "0"},
}  # fmt: skip
OPTIONS = [("abcd", "甲局"), ("abce", "乙局")]
ASKS = [(1, "请修桥面"), (2, "请装路灯")]
CHOICES = {
    **dict.fromkeys(
        ("units", "receiver", "objection", "ruling", "deputy", "place", "invitations", "ballot"), OPTIONS
    ),
    **dict.fromkeys(("reply_draft", "rating", "progress", "visit", "split"), ASKS),
    "signatures": [("", "已有 3 名代表附议")],
}


def page(found, **given) -> str:
    return render_to_string("forms/form.html", {"form": rendering.view(found, **given)})


def ui(kind: str) -> dict:
    return {**YES_NO, "kind": kind} if kind in ("choice", "register") else {"kind": kind}


def texts(value: object) -> list[str]:
    """Every text inside an answer."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [str(value)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_widget_that_posts_under_the_fields_name(kind):
    html = page(document({"a": ui(kind)}), choices=CHOICES)
    assert re.search(r'name="a[".]', html)
    assert "a项" in html


@pytest.mark.parametrize(("kind", "part"), sorted(SENTENCES))
def test_what_is_wrong_with_a_part_stands_beside_it_and_is_linked_to_it(kind, part):
    inner = part.split(".")[-1]
    in_rows = inner != part or KINDS[kind].schema({"options": {}})["type"] == "array"
    sentence = OfPart("这里要改", f"1-{inner}" if in_rows else inner)
    html = page(
        document({"a": ui(kind)}), values={"a": WORDS[kind]}, problems={"a": sentence}, choices=CHOICES
    )
    assert html.count(f'<div class="form-problem" id="p-a-{sentence.part}">这里要改</div>') == 1
    assert html.count('class="form-problem"') == 1
    assert f'<a href="#i-a-{sentence.part}">这里要改</a>' in html
    assert html.count(f'id="i-a-{sentence.part}"') == 1


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_keeps_the_words_of_a_refused_page(kind):
    html = page(
        document({"a": ui(kind)}), values={"a": WORDS[kind]}, problems={"a": "请更正"}, choices=CHOICES
    )
    for text in texts(WORDS[kind]):
        assert text.replace("<b>", "&lt;b&gt;") in html
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
    assert rendering.view(document({"a": {"kind": "visit"}})).has_files
    assert not rendering.view(document({"a": {"kind": "text"}})).has_files


def test_offers_room_for_more_asks_than_were_written():
    found = document({"a": {"kind": "asks"}})
    assert page(found).count("<textarea") == 3 + 5
    assert page(found, values={"a": ["请修桥面", "请装路灯"]}).count("<textarea") == 2 + 3 + 5
    assert "<details>" in page(found)


@pytest.mark.parametrize("kind", ["milestones", "commitments"])
def test_offers_three_rows_more_than_were_filled_in(kind):
    found = document({"a": {"kind": kind}})
    assert page(found).count('type="date"') == 3
    assert page(found, values={"a": WORDS[kind]}).count('type="date"') == 4


def test_asks_about_each_ask_apart():
    html = page(document({"a": {"kind": "reply_draft"}}), values={"a": WORDS["reply_draft"]}, choices=CHOICES)
    assert "请装路灯" in html
    assert re.search(r'name="a.result.2" value="planned" checked', html)
    assert not re.search(r'name="a.result.1"[^>]*checked', html)
    assert 'name="a.settled.2"' in page(document({"a": {"kind": "rating"}}), choices=CHOICES)
    assert "a.settled" not in page(document({"a": {"kind": "rating"}}))


def test_offers_a_milestone_only_where_there_is_a_plan():
    found = document({"a": {"kind": "progress"}})
    assert "a.milestone" in page(found, choices=CHOICES)
    assert "a.milestone" not in page(found)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_shipped_form_renders_in_both_languages(language):
    bundle = bundles.read("matter")
    from huiyin.forms.document import Document

    with translation.override(language):
        for name, source in bundle.forms.items():
            html = page(Document(source, name), choices=CHOICES)
            assert "field-" in html
            if language == "en":
                assert not re.search("[一-鿿]", re.sub("甲局|乙局|民2|请修桥面|请装路灯", "", html)), name
