"""The navigation: what one does every day in sight, the rest under one word; and the frame takes nothing from the page in it."""

from __future__ import annotations

import re

from django.urls import reverse

from huiyin.cases.models import Task


def navigation(client, name: str = "tasks") -> str:
    page = client.get(reverse(name)).content.decode()
    return re.search(r"<nav.*?</nav>", page, re.DOTALL)[0]


def in_sight(shown: str) -> list[str]:
    """The links outside of menus, and the words that open one."""
    outside = re.sub(r"</summary>.*?</details>", "</summary></details>", shown, flags=re.DOTALL)
    return [re.sub(r"<.*", "", text) for text in re.findall(r"<(?:a|summary)[^>]*>([^<]+)", outside)]


def test_shows_the_offices_daily_pages_and_folds_the_rest(client_of):
    shown = navigation(client_of("office"))
    assert in_sight(shown) == ["我的待办", "批量办理", "案件", "登记", "更多"]
    for name in ("overdue", "key_cases", "commitments", "ballots", "sessions", "door_codes", "definitions"):
        assert f'href="{reverse(name)}"' in shown


def test_a_menu_that_would_hold_one_link_is_that_link(client_of):
    assert in_sight(navigation(client_of("a"))) == ["我的待办", "案件", "承诺台账"]


def test_says_where_one_is_also_inside_a_menu(client_of):
    shown = navigation(client_of("office"), "overdue")
    assert '<summary class="here">' in shown
    assert re.search(rf'href="{reverse("overdue")}" aria-current="page"', shown)
    assert 'class="here"' not in navigation(client_of("office"))


def test_leaves_the_page_its_own_record(client_of, matter):
    line = f"收到，编号 {matter.number}"
    office = client_of("office")
    assert line in office.get(reverse("case", args=[matter.public_id])).content.decode()
    task = Task.objects.open().get(case=matter)
    assert "筛查" in office.get(reverse("task", args=[task.public_id])).content.decode()
