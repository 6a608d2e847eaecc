"""Every kind of entry has its sentence in both languages, also with the least of facts."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from huiyin.history import words

KINDS = sorted(words.kinds("zh"))
FACTS = {
    "number": "民2026-000001", "title": "路灯坏了", "task": "签收", "words": "请尽快", "reason": "已经解决", "unit": "a局",
    "lead": "a局", "co": "b局", "round": 2, "into": "民2026-000002", "rule": "答复", "due": "2026-09-08", "on": "2026-09-02",
    "before": "a局", "after": "b局", "to": "b局", "told": "2026-09-08", "counted": "2026-09-07", "count": 2,
    "received_on": "2026-09-01", "suggested": "b局", "stage": "踏勘", "seq": 3, "name": "民情事项", "version": 2,
    "digest": "abc", "outcome": "answered", "result": "satisfied", "rater": "deputy", "why": "extension", "source": "web",
    "on_behalf_of": "林知行", "upheld": True, "late": True, "for_another": True, "part": "lead", "way": "phone",
}  # fmt: skip


def test_both_languages_know_the_same_kinds():
    assert words.kinds("zh") == words.kinds("en")
    assert len(KINDS) > 30


@pytest.mark.parametrize("kind", KINDS)
def test_tells_every_kind_in_chinese(kind):
    with translation.override("zh-hans"):
        for facts in (FACTS, {"outcome": "answered"}):
            said = words.tell(kind, facts, by="周全")
            assert re.search("[一-鿿]", said)
            assert not re.search(r"[{}%]|None", said)


@pytest.mark.parametrize("kind", KINDS)
def test_tells_every_kind_in_english(kind):
    plain = {
        name: "X" if isinstance(value, str) and re.search("[一-鿿]", value) else value
        for name, value in FACTS.items()
    }
    with translation.override("en"):
        said = words.tell(kind, plain, by="Zhou")
        assert re.search("[A-Za-z]{3}", said)
        assert not re.search("[一-鿿{}%]|None", said.replace("民", ""))


@pytest.mark.parametrize("outcome", ["answered", "unrated", "declined", "merged", "converted", "withdrawn"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_way_to_close_has_its_word(outcome, language):
    with translation.override(language):
        assert words.tell("case_closed", {"outcome": outcome}, by="") != words.tell("case_closed", {}, by="")
        assert words.tell(f"notice_closed_{outcome}", {"number": "1", "reason": "r", "into": "2"}, by="")


def test_escapes_nothing_because_pages_do():
    assert "<b>" in words.tell("urged", {"words": "<b>"}, by="")


def test_a_kind_without_words_is_a_fault_with_its_remedy():
    with pytest.raises(words.NoWords, match="made_up"):
        words.tell("made_up", {}, by="周全")
    assert "write words/" in (words.NoWords.__doc__ or "")


def test_facts_cannot_carry_a_template():
    assert "{{ by }}" in words.tell("urged", {"words": "{{ by }}{% load x %}"}, by="周全")


@pytest.mark.parametrize(
    ("kind", "facts", "one", "two"),
    [
        ("cosigners_invited", {}, "invited 1 deputy to sign", "invited 2 deputies to sign"),
        ("paper_votes_entered", {}, "entered 1 paper ballot", "entered 2 paper ballots"),
        ("split", {"into": "7"}, "1 ask into 7", "2 asks into 7"),
        ("commitments_made", {"due": "x", "unit": "A"}, "made 1 commitment,", "made 2 commitments,"),
    ],
)
def test_counts_in_english_as_english_does(kind, facts, one, two):
    with translation.override("en"):
        assert [
            said in words.tell(kind, {"count": count, **facts}, by="Zhou")
            for count, said in ((1, one), (2, two))
        ] == [True, True]
