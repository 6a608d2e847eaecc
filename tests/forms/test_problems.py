"""A wrong answer names its field and says what to do, in the person's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from huiyin.forms import answers as forms
from tests.forms.documents import YES_NO, document, label


def problem(found, given, name="a", language="zh-hans") -> str:
    with translation.override(language), pytest.raises(forms.AnswersRejected) as refused:
        forms.check(found, given)
    assert set(refused.value.problems) == {name}
    return refused.value.problems[name]


TEXT, DATE, PHOTOS = {"kind": "text"}, {"kind": "date"}, {"kind": "photos"}
CASES = [
    (TEXT, {}, ["a"], {}, "请填写“a项”", "Please fill in “a”"),
    (TEXT, {"minLength": 2}, ["a"], {"a": ""}, "请填写“a项”", "Please fill in “a”"),
    (YES_NO, {}, ["a"], {}, "请选择“a项”", "Please choose “a”"),
    (DATE, {}, ["a"], {}, "请选择“a项”", "Please choose “a”"),
    (TEXT, {"minLength": 3}, [], {"a": "短"}, "“a项”至少 3 个字", "“a” needs at least 3 characters"),
    (TEXT, {"maxLength": 3}, [], {"a": "太长了吧"}, "“a项”最多 3 个字", "“a” may have at most 3 characters"),
    (YES_NO, {}, [], {"a": "maybe"}, "请从给出的选项中选择“a项”", "Please choose “a” from the options"),
    (DATE, {}, [], {"a": "2026-02-30"}, "“a项”不是有效的日期", "“a” is not a valid date"),
    (PHOTOS, {"maxItems": 1}, [], {"a": ["abcd", "abce"]}, "“a项”最多 1 个", "“a” may have at most 1"),
    (TEXT, {"pattern": "^x"}, [], {"a": "y"}, "请检查“a项”的内容", "Please check “a”"),
]


@pytest.mark.parametrize(("ui", "own", "required", "given", "chinese", "english"), CASES)
def test_says_what_to_do(ui, own, required, given, chinese, english):
    found = document({"a": ui}, {"a": own}, required)
    assert problem(found, given) == chinese
    assert problem(found, given, language="en") == english


def test_says_what_the_form_itself_says():
    say = {"pattern": label("请填写 11 位手机号", "Please enter 11 digits")}
    found = document({"a": {"kind": "text", "say": say}}, {"a": {"pattern": "^[0-9]{11}$"}})
    assert problem(found, {"a": "123"}) == "请填写 11 位手机号"
    assert problem(found, {"a": "123"}, language="en") == "Please enter 11 digits"


def test_says_that_something_is_not_of_this_form():
    found = document({"a": TEXT})
    assert problem(found, {"b": "x"}, name="") == "提交的内容里有这张表没有的项目。"
    assert problem(found, {"b": "x"}, name="", language="en").startswith("What was sent")


def test_says_that_a_hidden_question_wants_no_answer():
    found = document({"a": YES_NO, "b": {**TEXT, "show_if": {"field": "a", "is": ["yes"]}}})
    assert problem(found, {"a": "no", "b": "x"}, name="b") == "“b项”在这种情况下不需要填写"
    assert "does not apply" in problem(found, {"a": "no", "b": "x"}, name="b", language="en")
    assert forms.check(found, {"a": "yes", "b": "x"}).plain == {"a": "yes", "b": "x"}


def test_keeps_the_order_of_the_page_and_one_sentence_a_field():
    found = document({"b": TEXT, "a": TEXT}, {"a": {"minLength": 3, "pattern": "^x"}}, ["a", "b"])
    with pytest.raises(forms.AnswersRejected) as refused:
        forms.check(found, {"a": "y", "c": 1})
    assert list(refused.value.problems) == ["b", "a", ""]
    assert refused.value.status == 422
    assert refused.value.code == "answers_rejected"


CONDITIONAL = {
    "allOf": [
        {"if": {"properties": {"a": {"enum": ["yes"]}}, "required": ["a"]}, "then": {"required": ["b"]}}
    ]
}


def test_asks_for_what_another_answer_makes_necessary():
    found = document({"a": YES_NO, "b": TEXT}, None, ["a"], **CONDITIONAL)
    assert problem(found, {"a": "yes"}, name="b") == "请填写“b项”"
    assert forms.check(found, {"a": "no"}).plain == {"a": "no"}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("rating", {"result": "great"}),
        ("rating", {}),
        ("contact", {"way": "phone", "on": "gestern", "text": "x"}),
        ("reply", {"result": "done"}),
        ("units", {"lead": "abcd", "co": ["abcd", "abcd"]}),
        ("objection", {"reason": "短"}),
        ("ruling", {"decision": "upheld", "reason": "属其职责", "unit": "!"}),
        ("progress", {"text": "x", "by": "someone else"}),
        ("photos", ["../../etc/passwd"]),
        ("voice", ["abcd", "abce", "abcf", "abcg"]),
        ("text", 12),
    ],
)
def test_looks_into_compound_answers(kind, given):
    assert "a项" in problem(document({"a": {"kind": kind}}), {"a": given})
