"""Two reports of one thing are alike in whatever words; two things are not, whatever they have in common."""

from __future__ import annotations

import pytest

from huiyin.opinion.likeness import likeness, pairs
from huiyin.opinion.selectors import ALIKE


def alike(one: str, other: str) -> bool:
    return likeness(pairs(one), pairs(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。", "老桥路灯不亮，晚上走路很危险。"),
        ("自来水发黄有异味，烧开也不行", "家里自来水发黄，怀疑水管生锈，希望有关部门处理。"),
        ("文化广场垃圾没人清运，夏天很臭", "广场边上垃圾堆了三天没有清运"),
    ],
)
def test_finds_the_same_thing_in_other_words(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("村口老桥的路灯坏了一个多月，请尽快修好。", "学校门口没有斑马线，孩子过马路不安全，请尽快解决。"),
        ("希望有关部门尽快解决我们这里的问题", "请有关部门尽快处理一下这里的情况"),
        ("", "路灯坏了"),
    ],
)
def test_takes_what_everybody_says_for_nothing(one, other):
    assert not alike(one, other)
