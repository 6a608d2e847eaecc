"""文号: the next letter of a unit is numbered after the last."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases.models import ReplyDraft
from huiyin.cases.present.numbers import next_document_number

ON = date(2026, 9, 30)


@pytest.fixture
def issued(play):
    """Letters that a unit has signed, in this order."""

    def issue(*numbers: str, unit: str = "a", on: date = ON) -> None:
        for number in numbers:
            version = ReplyDraft.objects.count() + 1
            ReplyDraft.objects.create(
                case=play.case, round=1, version=version, unit=play.town.units[unit], result="done", by=play.asker.person,
                at=play.now, document_number=number, signed_by="方明", signed_on=on,
            )  # fmt: skip

    return issue


def following(play, on: date = ON) -> str:
    return next_document_number(play.town.units["a"], on)


def test_goes_on_from_the_highest_of_the_year(play, issued):
    issued("岚交〔2026〕9号", "岚交〔2026〕10号", "岚交〔2026〕8号")
    assert following(play) == "岚交〔2026〕11号"


def test_begins_anew_in_a_new_year(play, issued):
    issued("岚交〔2026〕10号")
    assert following(play, date(2027, 1, 4)) == "岚交〔2027〕1号"


def test_follows_the_mark_that_was_used_last(play, issued):
    issued("岚交〔2026〕30号", on=date(2026, 9, 1))
    issued("岚交办〔2026〕4号")
    assert following(play) == "岚交办〔2026〕5号"


def test_is_another_units_own_affair(play, issued):
    issued("岚交〔2026〕9号", unit="b")
    assert following(play) == ""


@pytest.mark.parametrize("number", ["建〔2026〕甲号", "2026-17", "第7号"])
def test_guesses_nothing_from_another_way_of_counting(play, issued, number):
    issued(number)
    assert following(play) == ""
