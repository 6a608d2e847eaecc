"""Numbers and known names are masked, however they are written; house numbers and amounts stay."""

from __future__ import annotations

import pytest

from huiyin.opinion import masking


@pytest.mark.parametrize(
    "text",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "+8613800000000",
        "86 138 0000 0000",
        "1380 000 0000",
        "138.0000.0000",
        "138--0000--0000",
        "１３８００００００００",
        "33080219800101123X",
        "330802198001011234",
    ],
)
def test_finds_what_says_who_somebody_is(text):
    assert masking.personal_in(f"请打{text}找我") == [text]
    assert masking.mask(f"请打{text}找我") == f"请打{masking.MASK}找我"


def test_masks_a_landline_in_the_question_and_leaves_the_office_s_own_in_the_reply():
    assert masking.mask("家里电话0570-1234567") == f"家里电话{masking.MASK}"
    assert masking.mask("联系电话0570-1234567", landlines=False) == "联系电话0570-1234567"
    assert not masking.personal_in("联系电话0570-1234567")


def test_masks_names_that_are_known():
    assert masking.mask("我是周全，住东头", ["周全"]) == f"我是{masking.MASK}，住东头"


@pytest.mark.parametrize("text", ["3号楼2单元1002室", "2026年11月25日", "花了12000000元", "长138.5米"])
def test_leaves_other_numbers_alone(text):
    assert masking.mask(text) == text
