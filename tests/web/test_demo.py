"""A visitor of the demo becomes its people in one click; a real installation has none of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Task
from huiyin.directory.models import Account

HINT = "演示导览"


@pytest.fixture
def demo(settings, town, definition):
    settings.DEMO = True
    for name in ("office", "a", "deputy"):
        Account.objects.create(username=name, person=town.actors[name].person, is_demo=True)
    return town


def become(client: Client, name: str, then: str = ""):
    return client.post(reverse("demo_become"), {"account": name, "next": then})


def report(client: Client, place, words: str = "村口的路灯坏了半个月，晚上看不清路。") -> str:
    told = client.post(reverse("report", args=[place.public_id]), {"category": "road", "words": words})
    return told["Location"]


def page(client: Client, address: str = "/") -> str:
    return client.get(address, follow=True).content.decode()


def test_lists_the_demos_people_with_role_and_unit(demo):
    Account.objects.create(username="real", person=demo.actors["b"].person)
    shown = page(Client())
    assert "承办人" in shown
    assert 'value="office"' in shown
    assert 'value="real"' not in shown


def test_a_real_installation_has_no_such_door(demo, settings):
    settings.DEMO = False
    assert "demo/become" not in page(Client())
    assert become(Client(), "office").status_code == 404
    assert Client().post(reverse("demo_tour")).status_code == 404


def test_signs_in_with_one_click_and_keeps_what_the_browser_reported(demo):
    client = Client()
    receipt = report(client, demo.place)
    assert become(client, "office")["Location"] == reverse("tasks")
    assert become(client, "a")["Location"] == reverse("tasks")
    assert "承办人" in page(client, reverse("tasks"))
    assert become(client, "")["Location"] == reverse("home")
    assert client.get(receipt).status_code == 200


def test_becomes_nobody_but_the_demos_people(demo):
    Account.objects.create(username="real", person=demo.actors["b"].person)
    assert become(Client(), "real").status_code == 404
    Account.objects.filter(username="a").update(is_active=False)
    assert become(Client(), "a").status_code == 404


def test_leads_to_no_other_site(demo):
    assert become(Client(), "office", "https://elsewhere.example/")["Location"] == reverse("tasks")
    assert become(Client(), "office", "//elsewhere.example/")["Location"] == reverse("tasks")


def test_the_tour_follows_the_visitors_own_matter(demo):
    client = Client()
    assert HINT not in page(client)
    before = report(client, demo.place)  # another matter, before the tour
    client.post(reverse("demo_tour"))
    assert client.get(before).status_code == 200
    assert "先以群众的身份反映一件事" in page(client)
    report(client, demo.place, "水渠堵了，下雨就漫到路上，请来疏通。")
    second = Task.objects.order_by("-id")[0]
    shown = page(client)
    assert reverse("task", args=[second.public_id]) in shown
    assert "筛查" in shown
    become(client, "office")
    assert "轮到您：筛查" in page(client, reverse("tasks"))


def test_the_tour_says_when_nobody_of_the_demo_can_go_on(demo):
    client = Client()
    client.post(reverse("demo_tour"))
    report(client, demo.place)
    Account.objects.filter(username="office").update(is_active=False)
    assert "演示中没有这样的账号" in page(client)


def test_the_tour_can_be_ended(demo):
    client = Client()
    client.post(reverse("demo_tour"))
    client.post(reverse("demo_tour"), {"act": "end"})
    assert HINT not in page(client)
