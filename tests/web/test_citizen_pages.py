"""Every page of a citizen: no script, at most 100 kB with its styles, in both languages, 110 119 120 as links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.directory.models import Unit
from huiyin.opinion import services
from huiyin.web import codes
from tests.web.conftest import REPORT

LIMIT = 100_000
PUBLISHED = "村口路灯已经坏了一个月"
#: what people, places and the steps of a diagram are called, whatever the language of the page
NAMES = ("试跑镇", "试跑县", "试跑网格", "联络站", "周**", "代表工委", "代表", "人大审查交办", "筛查")


@pytest.fixture
def asker(matter):
    client = Client()
    client.get(reverse("follow", args=[matter.public_id]), {"code": codes.code_of(matter)})
    return client


@pytest.fixture
def pages(asker, matter, do, town):
    """(address, whether its place is known) of every page that a citizen meets."""
    Unit.objects.filter(kind=Unit.Kind.STATION).update(place=town.place.parent, telephone="0570-7654321")
    place, case = town.place.public_id, matter.public_id
    do("screen", {"screening": "accept"})
    text = {"title": PUBLISHED, "words": PUBLISHED}
    row = services.publish_case(case=matter, by=town.actors["office"], now=timezone.now(), **text)
    asker.post(reverse("meet", args=[row.public_id]))
    return {
        reverse("home"): False,
        reverse("choose_place"): False,
        reverse("choose_place_in", args=[town.place.parent.public_id]): True,
        reverse("report", args=[place]): True,
        reverse("receipt", args=[case]): True,
        reverse("look_up"): False,
        reverse("answers"): False,
        reverse("answer", args=[row.public_id]): True,
        reverse("met", args=[row.public_id]): True,
        reverse("deputies"): False,
        reverse("deputies_in", args=[place]): True,
        reverse("follow", args=[case]): True,
        reverse("scan", args=["not-ours"]): False,
    }


def test_needs_no_script_and_weighs_at_most_a_hundred_kilobytes(asker, pages):
    styles = sum(len(Path(finders.find(name)).read_bytes()) for name in ("web/huiyin.css", "web/citizen.css"))
    for address in pages:
        page = asker.get(address).content
        assert b"<script" not in page, address
        assert len(page) + styles <= LIMIT, address


def test_says_whom_to_call_when_life_is_in_danger(asker, pages):
    for address in pages:
        page = asker.get(address).content.decode()
        assert all(f'href="tel:{number}"' in page for number in (110, 119, 120)), address


def test_names_the_place_s_station_and_its_telephone(asker, pages):
    for address, knows_the_place in pages.items():
        if knows_the_place:
            assert 'href="tel:0570-7654321"' in asker.get(address).content.decode(), address


def test_names_the_county_s_office_where_a_page_is_about_no_place(client, town):
    assert "tel:0990" not in client.get("/").content.decode(), "without a number there is none to show"
    Unit.objects.filter(kind=Unit.Kind.CONGRESS_OFFICE).update(telephone="0990-5550000")
    for address in ("/", "/follow/", "/answers/"):
        assert 'href="tel:0990-5550000"' in client.get(address).content.decode(), address


def test_has_a_label_for_every_field(asker, pages):
    for address in pages:
        page = asker.get(address).content.decode()
        fields = re.findall(r"<(?:input|select|textarea)[^>]*>", page)
        for field in fields:
            if 'type="hidden"' in field or 'type="radio"' in field or 'type="checkbox"' in field:
                continue
            found = re.search(r'id="([^"]+)"', field)
            assert found, (address, field)
            labelled = f'for="{found[1]}"' in page or 'type="file"' in field
            assert labelled, (address, field)


def test_speaks_english_too(asker, pages, matter):
    for address in pages:
        page = asker.get(address, headers={"accept-language": "en"}).content.decode()
        own = re.sub(r"<[^>]*>", " ", re.sub(r'<button[^>]*lang="zh".*?</button>', "", page))
        for words in (PUBLISHED, REPORT["words"], matter.number, *NAMES):
            own = own.replace(words, "")
        assert not re.findall("[一-鿿]+", own), address
