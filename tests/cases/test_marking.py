"""批注: a passage is found again in its text, and the text is cut where it begins and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.cases import marking


@pytest.mark.parametrize(
    ("text", "passages", "cut"),
    [
        ("路灯已修好。", {}, [("路灯已修好。", 0)]),
        ("路灯已修好。", {1: "已修好"}, [("路灯", 0), ("已修好", 1), ("。", 0)]),
        ("路灯已修好。", {1: "没有的"}, [("路灯已修好。", 0)]),
        ("灯，灯。", {1: "灯", 2: "灯"}, [("灯", 1), ("，", 0), ("灯", 2), ("。", 0)]),
        ("灯亮了。", {1: "灯亮", 2: "亮了"}, [("灯亮", 1), ("了。", 0)]),
        ("灯亮了。", {1: "亮了", 2: "灯"}, [("灯", 2), ("亮了", 1), ("。", 0)]),
        ("第一段。\n\n第二段。", {1: "段。 第二"}, [("第一", 0), ("段。\n\n第二", 1), ("段。", 0)]),
        ("a.b", {1: ".", 2: " "}, [("a", 0), (".", 1), ("b", 0)]),
        ("", {1: "灯"}, []),
    ],
)
def test_is_cut_at_its_marks(text, passages, cut):
    assert [(run.text, run.number) for run in marking.runs(text, passages)] == cut


LETTERS = st.text("灯路。 \n", max_size=12)


@given(LETTERS, st.dictionaries(st.integers(1, 5), LETTERS, max_size=5))
def test_joined_it_is_the_text_again_and_no_mark_stands_twice(text, passages):
    cut = marking.runs(text, passages)
    assert "".join(run.text for run in cut) == text
    numbers = [run.number for run in cut if run.number]
    assert len(numbers) == len(set(numbers))
