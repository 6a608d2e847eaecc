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
        ("second_look", "a.decision=upheld", {"decision": "upheld"}),
        ("ruling", "a.decision=refused&a.reason=理由", {"decision": "refused", "reason": "理由"}),
        ("rating", "a.result=basic&a.ask=1&a.ask=2&a.settled.2=no", {"result": "basic", "asks": [{"ask": 2, "settled": "no"}]}),
        ("progress", "a.text=看过&a.milestone=2&a.done=yes", {"text": "看过", "milestone": 2, "done": "yes"}),
        ("asks", "a=请修复桥面&a=%20&a=请安装路灯", ["请修复桥面", "请安装路灯"]),
        ("invitations", "a=abcd&a=abce", ["abcd", "abce"]),
        ("split", "a=1&a=3", ["1", "3"]),
        ("signatures", "a.confirmed=yes", {"confirmed": True}),
        ("conversion", "a.confirmed=yes", {"confirmed": True}),
        ("handover", "a.on=2026-09-02", {"on": "2026-09-02"}),
        ("review", "a.decision=pass&a.remarks=", {"decision": "pass"}),
        ("review", "a.decision=return&a.remarks=缺时间表", {"decision": "return", "remarks": "缺时间表"}),
        (
            "review",
            "a.decision=return&a.marks.passage=&a.marks.words=&a.marks.passage=尽快&a.marks.words=哪天",
            {"decision": "return", "marks": [{"passage": "尽快", "words": "哪天"}]},
        ),
        (
            "review",
            "a.decision=return&a.marks.ask=2&a.marks.passage=尽快&a.marks.words=哪天&a.marks.ask=3&a.marks.passage=&a.marks.words=",
            {"decision": "return", "marks": [{"ask": 2, "passage": "尽快", "words": "哪天"}]},
        ),
        (
            "issuing",
            "a.decision=issue&a.document_number=1号&a.signed_by=方明&a.signed_on=2026-09-02&a.remarks=",
            {"decision": "issue", "document_number": "1号", "signed_by": "方明", "signed_on": "2026-09-02"},
        ),
        ("issuing", "a.decision=return&a.remarks=重写", {"decision": "return", "remarks": "重写"}),
        ("delivery", "a.on=2026-09-02&a.way=paper", {"on": "2026-09-02", "way": "paper"}),
        ("extension", "a.to=2026-12-01&a.reason=涉及面广", {"to": "2026-12-01", "reason": "涉及面广"}),
        ("extension_ruling", "a.decision=granted&a.to=&a.reason=同意", {"decision": "granted", "reason": "同意"}),
        (
            "milestones",
            "a.name=立项&a.planned_on=2026-10-01&a.name=&a.planned_on=&a.name=完工&a.planned_on=2026-12-01",
            [{"name": "立项", "planned_on": "2026-10-01"}, {"name": "完工", "planned_on": "2026-12-01"}],
        ),
        ("commitments", "a.text=装灯&a.due_on=2026-12-31&a.text=&a.due_on=", [{"text": "装灯", "due_on": "2026-12-31"}]),
        (
            "visit",
            "a.milestone=1&a.agrees=no&a.text=没装&a.photos=abcd",
            {"milestone": 1, "agrees": "no", "text": "没装", "photos": ["abcd"]},
        ),
        (
            "transcription",
            "a.way=paper&a.on=2026-09-02&a.note=&a.proof=abcd",
            {"way": "paper", "on": "2026-09-02", "proof": ["abcd"]},
        ),
        ("ballot", "a.ballot=abcd", {"ballot": "abcd"}),
        (
            "tally",
            "a.members=190&a.satisfied=152&a.basic=30&a.dissatisfied=0&a.abstained=0",
            {"members": 190, "satisfied": 152, "basic": 30, "dissatisfied": 0, "abstained": 0},
        ),
    ],
)  # fmt: skip
def test_reads_compound_kinds(kind, query, answer):
    found = document({"a": {"kind": kind}})
    assert read(found, query) == {"a": answer}
    assert forms.check(found, read(found, query)).plain == {"a": answer}


def test_reads_what_is_answered_to_each_ask():
    query = (
        "a.ask=1&a.ask=2&a.ask=3&a.ask=²&a.result=doing&a.result.1=done&a.text.1=桥面已修&a.result.2=&a.text.2=%20"
        "&a.text.3=待定&a.text.9=没有的"
    )
    asks = [{"ask": 1, "result": "done", "text": "桥面已修"}, {"ask": 3, "text": "待定"}]
    assert read(document({"a": {"kind": "reply_draft"}}), query) == {"a": {"result": "doing", "asks": asks}}


def test_reads_a_category_from_the_options_of_the_form():
    found = document({"a": {**YES_NO, "kind": "register"}})
    assert read(found, "a.category=yes") == {"a": {"category": "yes"}}
    assert forms.check(found, {"a": {"category": "yes"}}).plain == {"a": {"category": "yes"}}


def test_leaves_an_odd_number_as_it_was_typed():
    found = document({"a": {"kind": "tally"}})
    for odd in ("²", "１２", "-1", "1.5", "9" * 30):
        assert read(found, f"a.members={odd}") == {"a": {"members": odd}}


@pytest.mark.parametrize(
    "kind",
    [
        "asks",
        "invitations",
        "signatures",
        "reply_draft",
        "review",
        "milestones",
        "commitments",
        "visit",
        "tally",
    ],
)
def test_reads_an_empty_page_as_no_answer(kind):
    query = (
        "a=&a.confirmed=no&a.ask=1&a.result.1=&a.text.1=&a.decision=&a.name=&a.planned_on=&a.text=&a.due_on="
    )
    assert read(document({"a": {"kind": kind}}), query) == {}


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
        ("receiver", "abcd", "abcd"),
        ("case", "民2026-000001", "民2026-000001"),
        ("units", {"lead": "abcd"}, "abcd"),
        ("progress", {"stage": "踏勘", "text": "看过"}, "踏勘；看过"),
        ("contact", {"way": "phone", "on": "2026-09-02", "text": "说明"}, "电话；2026-09-02；说明"),
        ("reply", {"result": "planned", "text": "明年修"}, "列入计划；明年修"),
        ("rating", {"result": "basic", "words": "还行"}, "基本满意；还行"),
        ("objection", {"reason": "不属本单位"}, "不属本单位"),
        ("second_look", {"decision": "reopened"}, "改为受理，继续办理"),
        ("ruling", {"decision": "refused", "reason": "属你单位"}, "异议不成立，继续办理；属你单位"),
        ("asks", ["请修桥面", "请装路灯"], "1. 请修桥面；2. 请装路灯"),
        ("invitations", ["abcd", "abce"], "2"),
        ("split", ["1", "3"], "1、3"),
        ("signatures", {"confirmed": True}, "是"),
        ("conversion", {"confirmed": True}, "是"),
        ("register", {"category": "yes"}, "是"),
        ("handover", {"on": "2026-09-02"}, "2026-09-02"),
        (
            "reply_draft",
            {"result": "doing", "asks": [{"ask": 2, "result": "done", "text": "已装灯"}]},
            "正在解决；2. 已解决；已装灯",
        ),
        ("review", {"decision": "return", "remarks": "缺时间表"}, "退回修改；缺时间表"),
        (
            "issuing",
            {"decision": "issue", "document_number": "1号", "signed_by": "方明", "signed_on": "2026-09-02"},
            "签发；1号；方明；2026-09-02",
        ),
        ("delivery", {"on": "2026-09-02", "way": "paper"}, "2026-09-02；纸质送达"),
        ("extension", {"to": "2026-12-01", "reason": "涉及面广"}, "2026-12-01；涉及面广"),
        ("extension_ruling", {"decision": "refused", "reason": "可按期"}, "不同意延期；可按期"),
        ("commitments", [{"text": "装灯", "due_on": "2026-12-31"}], "1. 装灯 2026-12-31"),
        ("milestones", [{"name": "立项", "planned_on": "2026-10-01"}], "1. 立项 2026-10-01"),
        ("visit", {"milestone": 1, "agrees": "no", "text": "没装"}, "1；与填报不一致；没装"),
        ("transcription", {"way": "phone", "on": "2026-09-02", "note": "来电"}, "电话；2026-09-02；来电"),
        ("ballot", {"ballot": "abcd"}, "abcd"),
        (
            "tally",
            {"members": 190, "satisfied": 152, "basic": 30, "dissatisfied": 0, "abstained": 0},
            "190/152/30/0/0",
        ),
    ],
)
def test_exports_every_kind_in_words(kind, value, text):
    assert KINDS[kind].export(value, {"options": {"yes": label("是", "Yes")}}) == text


def test_exports_are_tried_for_every_kind():
    (mark,) = test_exports_every_kind_in_words.pytestmark
    assert {kind for kind, _value, _text in mark.args[1]} == set(KINDS)
