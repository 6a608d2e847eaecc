"""Hidden fields carry numbers that the page wrote; a stranger may send anything."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.cases.models import Task
from huiyin.web.numbers import number_in, spellings_of

PREFIXES = ("民", "实")
ODD = ["²", "１２", "٣", "-1", "1.5", " 1", "1e3", "", "x", "9" * 5000]


@pytest.mark.parametrize("text", ODD)
def test_anything_but_a_plain_number_is_none(text):
    assert number_in(text) is None


@pytest.mark.parametrize(
    "typed",
    [
        "民2026-000356",
        "民2026000356",
        "民 2026-000356",
        "民2026—000356",
        "民２０２６－０００３５６",
        "2026-000356",
        "000356",
        "356",
    ],
)
def test_a_number_is_found_however_it_is_typed(typed):
    assert "民2026-000356" in spellings_of(typed, 2026, PREFIXES)


def test_what_is_no_number_is_looked_for_as_it_is():
    assert spellings_of("县十七届人大五次会议第12号建议", 2026, PREFIXES) == [
        "县十七届人大五次会议第12号建议"
    ]
    assert "民2025-000356" in spellings_of("356", 2026, PREFIXES)


def test_a_plain_number_is_itself():
    assert (number_in("0"), number_in("12")) == (0, 12)


@pytest.mark.parametrize("odd", ["²", "１２"])
def test_a_page_with_an_odd_number_is_answered_all_the_same(matter, client_of, odd):
    task = Task.objects.get(case=matter)
    answer = client_of("office").post(
        reverse("task", args=[task.public_id]), {"key": "k", "seen_revision": odd, "screening": "accept"}
    )
    assert answer.status_code in (302, 409, 422)


@pytest.mark.parametrize("odd", ["²", "１２"])
def test_an_odd_clock_is_one_that_is_not_there(matter, client_of, odd):
    answer = client_of("office").post(
        reverse("case_act", args=[matter.public_id, "extend"]),
        {"clock": odd, "to": "2026-12-01", "reason": "x"},
    )
    assert answer.status_code == 404
