"""A posted page becomes answers, and answers are sorted by where they go."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from huiyin.forms import answers as forms
from huiyin.forms.kinds import KINDS
from tests.forms.documents import YES_NO, document, label


def read(found, query: str):
    return forms.read(found, QueryDict(query))


def test_leaves_out_what_was_left_empty():
    found = document({"a": {"kind": "text"}, "b": {"kind": "photos"}})
    assert read(found, "a=%20%0A&b=") == {}
    assert read(found, "a=%20x%20&b=abcd&b=abce") == {"a": "x", "b": ["abcd", "abce"]}


def test_writes_line_ends_one_way():
    assert read(document({"a": {"kind": "text"}}), "a=x%0D%0Ay") == {"a": "x\ny"}


def test_drops_what_was_not_asked():
    found = document({"a": YES_NO, "b": {"kind": "text", "show_if": {"field": "a", "is": ["yes"]}}})
    assert read(found, "a=no&b=x") == {"a": "no"}
    assert read(found, "a=yes&b=x") == {"a": "yes", "b": "x"}
    assert read(found, "b=x") == {}


@pytest.mark.parametrize(
    ("kind", "query", "answer"),
    [
        ("units", "a.lead=abcd&a.co=abce&a.co=abcf", {"lead": "abcd", "co": ["abce", "abcf"]}),
        ("progress", "a.stage=踏勘&a.text=看过&a.photos=abcd", {"stage": "踏勘", "text": "看过", "photos": ["abcd"]}),
        ("contact", "a.way=phone&a.on=2026-09-02&a.text=说明", {"way": "phone", "on": "2026-09-02", "text": "说明"}),
        ("reply", "a.result=done&a.text=已修好&a.signed_by=", {"result": "done", "text": "已修好"}),
        ("rating", "a.result=basic&a.attitude=satisfied", {"result": "basic", "attitude": "satisfied"}),
        ("objection", "a.reason=不属本单位&a.suggest=abcd", {"reason": "不属本单位", "suggest": "abcd"}),
        ("ruling", "a.decision=refused&a.reason=理由", {"decision": "refused", "reason": "理由"}),
    ],
)  # fmt: skip
def test_reads_compound_kinds(kind, query, answer):
    found = document({"a": {"kind": kind}})
    assert read(found, query) == {"a": answer}
    assert forms.check(found, read(found, query)).plain == {"a": answer}


def test_reads_nothing_as_no_compound_answer():
    assert read(document({"a": {"kind": "rating"}}), "a.result=&a.words=") == {}


def test_sorts_answers_by_where_they_go():
    found = document(
        {
            "phone": {"kind": "text", "sensitive": True},
            "route": {**YES_NO, "routing": True},
            "kind": {**YES_NO, "fact": True},
            "words": {"kind": "text"},
        }
    )
    checked = forms.check(found, {"phone": "13800000000", "route": "yes", "kind": "no", "words": "路灯坏了"})
    assert checked.sealed == {"phone": "13800000000"}
    assert checked.plain == {"route": "yes", "kind": "no", "words": "路灯坏了"}
    assert checked.routing == {"route": "yes"}
    assert checked.facts == {"kind": "no"}
    assert [field.name for field, _value in checked.records] == ["phone", "route", "kind", "words"]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", "路灯", "路灯"),
        ("choice", "yes", "是"),
        ("date", "2026-09-02", "2026-09-02"),
        ("photos", ["abcd", "abce"], "2"),
        ("voice", ["abcd"], "1"),
        ("place", "abcd", "abcd"),
        ("deputy", "abcd", "abcd"),
        ("case", "民2026-000001", "民2026-000001"),
        ("units", {"lead": "abcd"}, "abcd"),
        ("progress", {"stage": "踏勘", "text": "看过"}, "踏勘；看过"),
        ("contact", {"way": "phone", "on": "2026-09-02", "text": "说明"}, "电话；2026-09-02；说明"),
        ("reply", {"result": "planned", "text": "明年修"}, "列入计划；明年修"),
        ("rating", {"result": "basic", "words": "还行"}, "基本满意；还行"),
        ("objection", {"reason": "不属本单位"}, "不属本单位"),
        ("ruling", {"decision": "refused", "reason": "属你单位"}, "异议不成立，继续办理；属你单位"),
    ],
)
def test_exports_every_kind_in_words(kind, value, text):
    assert KINDS[kind].export(value, {"options": {"yes": label("是", "Yes")}}) == text


def test_exports_are_tried_for_every_kind():
    (mark,) = test_exports_every_kind_in_words.pytestmark
    assert {kind for kind, _value, _text in mark.args[1]} == set(KINDS)
