"""Many deputies to choose from: by delegation, the mover's own first, the chosen on top."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from huiyin.directory.models import Person, Place, Post
from huiyin.directory.roles import Role
from tests.web.playing import publish

MOVED = {"category": "urban", "title": "短", "words": "x", "key": "one"}


@pytest.fixture
def neighbours(town) -> list[Person]:
    """Thirty deputies of another place of the same congress."""
    mine = town.place.parent
    other = Place.objects.create(
        jurisdiction=town.jurisdiction,
        level="village",
        name="青石村",
        full_name="青石村",
        code=f"{mine.code}-qs",
        path=f"{mine.path}qs/",
        parent=mine,
    )
    people = [
        Person.objects.create(
            jurisdiction=town.jurisdiction,
            name=f"邻村代表{n}",
            pinyin=f"lin cun {n:02}",
            code=f"{other.code}-{n}",
        )
        for n in range(30)
    ]
    for one in people:
        Post.objects.create(person=one, role=Role.DEPUTY, place=other, from_on="2022-01-01")
    return people


def groups(page: str) -> list[str]:
    return re.findall(r"<summary>(.*?) <span", page)


def test_are_grouped_by_delegation_the_movers_own_first(client_of, town, neighbours):
    publish(town)
    page = client_of("deputy").get(reverse("start", args=["suggestion"])).content.decode()
    assert groups(page)[-1] == "青石村"
    assert len(groups(page)) > 1
    own = page.index('<details class="delegation" open>')
    assert own < page.index("青石村")
    assert page.count('<details class="delegation" open>') == 1
    assert 'data-find="邻村代表3 青石村 lincun03 lc0"' in page


def test_the_chosen_stand_first_when_the_page_comes_back(client_of, town, neighbours):
    publish(town)
    chosen = neighbours[7]
    answer = client_of("deputy").post(
        reverse("start", args=["suggestion"]), {**MOVED, "invitations": [chosen.public_id]}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(f'value="{chosen.public_id}"') == 1
    first = page.index("chosen-first")
    assert (
        first < page.index(f'value="{chosen.public_id}" checked') < page.index('<details class="delegation"')
    )
    assert "邻村代表7（青石村）" in page


def test_says_so_when_there_is_nobody_to_invite(client_of, town):
    publish(town)
    Post.objects.filter(role=Role.DEPUTY).exclude(person=town.actors["deputy"].person).delete()
    page = client_of("deputy").get(reverse("start", args=["suggestion"])).content.decode()
    assert "没有可以邀请的代表" in page
    assert "data-found" not in page
