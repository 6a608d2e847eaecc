"""`manage due` prints a date and why it falls there; what can't be read is one sentence."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

pytestmark = pytest.mark.django_db


def due(*arguments: str, language: str = "zh-hans") -> list[str]:
    out = StringIO()
    with translation.override(language):
        call_command("due", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_prints_the_date_and_why():
    first, *why = due("2026-02-13", "5", "WD")
    assert first == "2026-02-27"
    text = "\n".join(why)
    assert "自 2026-02-13 起算（当日不计入），期限 5个工作日" in text
    assert "02-17 春节" in text
    assert "调休上班日计入：02-14" in text
    assert "周末" in text
    assert why[-1].endswith("到期日：2026-02-27。")


def test_says_that_a_day_off_was_rolled_over():
    assert "届满日 2026-10-01 为休息日，顺延" in "\n".join(due("2026-07-01", "3", "M"))
    assert "顺延" not in "\n".join(due("2026-03-02", "7", "D"))


def test_says_what_is_still_provisional():
    assert "暂定" in "\n".join(due("2026-11-23", "6", "M"))
    assert "暂定" not in "\n".join(due("2026-03-02", "7", "D"))


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("2026-02-13T22:00", "24", "H"), "2026-02-14 22:00"),
        (("2026-02-14T17:00", "1", "WH"), "2026-02-24 09:00"),
        (("2026-02-13T22:00", "5", "WD"), "2026-02-27"),
        (("2026-02-13", "1", "WH"), "2026-02-13 09:30"),
    ],
)
def test_counts_hours_from_a_moment(arguments, first):
    assert due(*arguments)[0] == first


def test_explains_in_english_too():
    text = "\n".join(due("2026-11-23", "6", "M", language="en"))
    assert "provisional" in text.lower()
    assert "month" in text.lower()
    assert not any("一" <= sign <= "鿿" for sign in text.replace("元旦", "").replace("春节", "")), text


def test_joins_holidays_by_the_signs_of_the_language():
    assert "、" in "\n".join(due("2026-02-10", "10", "WD"))
    english = "\n".join(due("2026-02-10", "10", "WD", language="en"))
    assert not set("；、，") & set(english), english
    assert "weekend days; 02-1" in english


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gestern", "5", "WD"), "gestern is no date; write 2026-02-13"),
        (("2026-02-30", "5", "WD"), "2026-02-30 is no date"),
        (("2026-02-13", "0", "WD"), "at least 1"),
        (("2026-02-13", "99999", "WD"), "beyond"),
        (("2026-02-13", "999999999", "D"), "outside"),
        (("2026-02-13", "99999999", "M"), "outside"),
        (("1999-02-13", "5", "WD"), "before"),
        (("2026-02-13", "five", "WD"), "invalid int value"),
        (("2026-02-13", "5", "W"), "invalid choice"),
        (("2026-02-13", "5"), "required"),
    ],
)
def test_bad_input_is_one_sentence(arguments, words):
    with pytest.raises(CommandError) as refused:
        due(*arguments)
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
