"""What a new draft changed is shown clause by clause."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huiyin.cases.present.differences import Piece, difference

OLD = "您反映的问题收悉。已更换灯泡一只，计划年底前检修线路。感谢关心。"
NEW = "您反映的问题收悉。已更换全部线路和灯具，现已恢复照明。感谢关心。"


def test_keeps_what_stayed_and_marks_what_went_and_came():
    assert difference(OLD, NEW) == (
        Piece("same", "您反映的问题收悉。"),
        Piece("out", "已更换灯泡一只，计划年底前检修线路。"),
        Piece("in", "已更换全部线路和灯具，现已恢复照明。"),
        Piece("same", "感谢关心。"),
    )


def test_says_nothing_of_equal_texts_and_everything_of_a_new_one():
    assert difference(OLD, OLD) == (Piece("same", OLD),)
    assert difference("", NEW) == (Piece("in", NEW),)
    assert difference(OLD, "") == (Piece("out", OLD),)


@given(st.text("一二，。、a\n", max_size=40), st.text("一二，。、a\n", max_size=40))
def test_loses_no_sign_of_either_text(before, after):
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after
