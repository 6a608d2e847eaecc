"""A wrong part of a compound answer is named: what is missing, in which row, for which ask."""

from __future__ import annotations

import pytest

from huiyin.forms import answers as forms
from huiyin.forms.kinds import KINDS
from huiyin.forms.parts import PARTS
from huiyin.forms.sentences import SENTENCES
from tests.forms.documents import YES_NO, document

ISSUED = {"decision": "issue", "document_number": "1号", "signed_by": "方明", "signed_on": "2026-09-02"}
DRAFT = {"result": "done", "asks": [{"ask": 1, "result": "done", "text": "已修"}]}
TALLY = {"members": 190, "satisfied": 152, "basic": 30, "dissatisfied": 0, "abstained": 0}
SHEET = {"way": "paper", "on": "2026-09-02", "proof": ["abcd"]}
MARKED = {"decision": "return", "marks": [{"passage": "尽快", "words": "哪天"}]}
MILESTONE = {"name": "立项", "planned_on": "2026-10-01"}
COMMITMENT = {"text": "装灯", "due_on": "2026-12-31"}


def without(value: dict, *names: str) -> dict:
    return {name: inner for name, inner in value.items() if name not in names}


def ui(kind: str) -> dict:
    return {**YES_NO, "kind": kind} if kind == "register" else {"kind": kind}


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "sentence"),
    [
        ("asks", ["请修复桥面"], ["请修复桥面", "修灯"], "“a项 2”至少 5 个字"),
        ("asks", ["请修复桥面"], [], "请填写“a项”"),
        ("asks", ["请修复桥面"] * 20, ["请修复桥面"] * 21, "“a项”最多 20 个"),
        ("invitations", [], ["../x"], "请检查“a项”的内容"),
        ("split", ["1"], ["x"], "请检查“a项”的内容"),
        ("signatures", {"confirmed": True}, {"confirmed": False}, "请勾选确认"),
        ("conversion", {"confirmed": True}, {}, "请勾选确认"),
        ("register", {"category": "yes"}, {"category": "maybe"}, "请选择类别"),
        ("handover", {"on": "2026-09-02"}, {"on": "2026-02-30"}, "请选择交办日期"),
        ("reply_draft", DRAFT, without(DRAFT, "result"), "请选择总的办理结果"),
        ("reply_draft", DRAFT, {**DRAFT, "asks": [{"ask": 3, "text": "已修"}]}, "诉求 3 请选择办理结果"),
        ("reply_draft", DRAFT, {**DRAFT, "asks": [{"ask": 3, "result": "done"}]}, "诉求 3 请写明答复"),
        ("review", {"decision": "pass"}, {"decision": "return"}, "退回时请写明意见，或者在稿上批注"),
        ("review", MARKED, {"decision": "return", "marks": [{"words": "太空"}]}, "批注 1 请填写稿中的原文"),
        ("review", MARKED, {"decision": "pass", "marks": [{"passage": "尽快"}]}, "批注 1 请写明意见"),
        ("review", {"decision": "pass"}, {"remarks": "好"}, "请选择处理意见"),
        ("issuing", ISSUED, without(ISSUED, "document_number"), "签发时请填写文号"),
        ("issuing", ISSUED, without(ISSUED, "signed_by"), "签发时请填写签发人"),
        ("issuing", ISSUED, without(ISSUED, "signed_on"), "签发时请选择签发日期"),
        (
            "issuing",
            {"decision": "return", "remarks": "重写"},
            {"decision": "return"},
            "退回时请写明意见，或者在稿上批注",
        ),
        ("issuing", MARKED, {"decision": "return", "marks": [{"words": "太空"}]}, "批注 1 请填写稿中的原文"),
        ("issuing", MARKED, {"decision": "return", "marks": [{"passage": "尽快"}]}, "批注 1 请写明意见"),
        ("delivery", {"on": "2026-09-02", "way": "site"}, {"on": "2026-09-02"}, "请选择送达方式"),
        ("delivery", {"on": "2026-09-02", "way": "site"}, {"way": "site"}, "请选择送达日期"),
        ("extension", {"to": "2026-12-01", "reason": "x"}, {"to": "2026-12-01"}, "请写明理由"),
        ("extension", {"to": "2026-12-01", "reason": "x"}, {"reason": "x"}, "请选择申请延至的日期"),
        ("second_look", {"decision": "upheld"}, {"decision": "x"}, "请选择处理意见"),
        ("extension_ruling", {"decision": "refused", "reason": "x"}, {"decision": "refused"}, "请写明理由"),
        ("milestones", [MILESTONE], [MILESTONE, {"name": "完工"}], "第 2 行请选择计划完成日期"),
        ("milestones", [MILESTONE], [{"planned_on": "2026-10-01"}], "第 1 行请写明节点名称"),
        ("milestones", [MILESTONE] * 12, [], "请填写“a项”"),
        ("commitments", [COMMITMENT], [{"text": "装灯"}], "第 1 行请选择完成期限"),
        ("commitments", [], [{"due_on": "2026-12-31"}], "第 1 行请写明承诺事项"),
        ("transcription", SHEET, {**SHEET, "proof": []}, "请上传纸质原件的扫描件或照片"),
        (
            "transcription",
            SHEET,
            {"way": "phone", "on": "2026-09-02"},
            "电话代录请写明通话时间、怎样核实身份",
        ),
        ("transcription", SHEET, {"way": "paper", "proof": ["abcd"]}, "请选择收到日期"),
        ("transcription", SHEET, {"on": "2026-09-02"}, "请选择是怎样来的"),
        ("visit", {"agrees": "yes", "text": "属实"}, {"text": "属实"}, "请选择现场是否与填报一致"),
        ("visit", {"agrees": "yes", "text": "属实"}, {"agrees": "yes"}, "请写明现场看到的情况"),
        (
            "progress",
            {"text": "x", "milestone": 1, "done": "yes"},
            {"text": "x", "done": "yes"},
            "选择“该节点已完成”时，请先选择节点",
        ),
        (
            "rating",
            {"result": "basic", "asks": [{"ask": 1, "settled": "no"}]},
            {"result": "basic", "asks": [{"ask": 1}]},
            "诉求 1 请选择是否落实",
        ),
        ("ballot", {"ballot": "abcd"}, {"ballot": "x"}, "请检查“a项”的内容"),
        ("tally", TALLY, {**TALLY, "members": 0}, "请填写应到人数（整数）"),
        ("tally", TALLY, {**TALLY, "basic": "１２"}, "请填写基本满意票数（整数）"),
    ],
)
def test_names_the_part_and_takes_what_is_right(kind, right, wrong, sentence):
    found = document({"a": ui(kind)})
    assert forms.check(found, {"a": right}).plain == {"a": right}
    with pytest.raises(forms.AnswersRejected) as refused:
        forms.check(found, {"a": wrong})
    assert refused.value.problems == {"a": sentence}


@pytest.mark.parametrize(
    ("kind", "wrong", "part"),
    [
        ("issuing", without(ISSUED, "signed_on"), "signed_on"),
        ("reply_draft", {**DRAFT, "asks": [{"ask": 3, "result": "done"}]}, "3-text"),
        (
            "review",
            {"decision": "return", "marks": [*MARKED["marks"], {"ask": 7, "words": "x"}]},
            "2-passage",
        ),
        ("milestones", [MILESTONE, {"name": "完工"}], "2-planned_on"),
        ("transcription", {**SHEET, "proof": []}, "proof"),
    ],
)
def test_knows_where_the_part_stands(kind, wrong, part):
    with pytest.raises(forms.AnswersRejected) as refused:
        forms.check(document({"a": ui(kind)}), {"a": wrong})
    assert refused.value.problems["a"].part == part


def test_asks_in_its_own_words_for_a_field_that_is_missing():
    for kind, words in (("review", "请选择“a项”"), ("asks", "请填写“a项”"), ("signatures", "请勾选“a项”")):
        with pytest.raises(forms.AnswersRejected) as refused:
            forms.check(document({"a": {"kind": kind}}, None, ["a"]), {})
        assert refused.value.problems == {"a": words}


def test_every_sentence_belongs_to_a_part_that_exists():
    for kind, part in SENTENCES:
        schema = KINDS[kind].schema({"options": {}})
        *above, last = part.split(".")
        for name in above:
            schema = schema["properties"][name]
        schema = schema.get("items", schema)
        assert last in schema["properties"], (kind, part)


def test_every_choice_inside_a_kind_has_words():
    for kind in KINDS.values():
        for part, inner in kind.schema({"options": {}}).get("properties", {}).items():
            assert set(inner.get("enum", ())) <= {
                code for code, _text in PARTS.get(kind.name, {}).get(part, ())
            }
