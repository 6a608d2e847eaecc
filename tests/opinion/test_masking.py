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
        "330802800101123",
        "330802 800101 123",
        "３３０８０２８００１０１１２３",
        "zhou.quan_88@example.com",
        "ｚｈｏｕ＠example.com.cn",
        "88001@qq.com",
        "微信号：zhouquan88",
        "微信: zhou_quan-88",
        "微信zhouquan88",
        "微信号是 zhouquan88",
        "WeChat：zhouquan88",
        "vx:zhouquan88",
        "微信：88001234",
        "QQ号：88001234",
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


@pytest.mark.parametrize(
    "text",
    [
        "关注微信公众号“岚汀发布”",
        "微信公众号：lantingfabu",
        "在微信小程序里上报",
        "微信缴费要2元",
        "请发邮件至 jiaotong@lanting.gov.cn 反映",
        "群里@所有人",
        "编号1234567890123456",
        "3号楼2单元1002室",
        "2026年11月25日",
        "花了12000000元",
        "长138.5米",
    ],
)
def test_leaves_other_numbers_alone(text):
    assert masking.mask(text) == text
