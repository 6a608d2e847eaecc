"""Citizens propose projects while they are collected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.congress.models import Collection
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import publish
from tests.web.test_suggestions import text


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-11 10:00")):
        yield


def collect(town, first: date) -> Collection:
    county = town.place.parent.parent
    return Collection.objects.create(
        jurisdiction=town.jurisdiction, place=county, kind="livelihood", title="明年民生实事征集",
        opens_on=first, closes_on=first + timedelta(days=40),
    )  # fmt: skip


def test_citizens_propose_projects_while_they_are_collected(town):
    publish(town, "livelihood")
    collection = collect(town, date(2026, 2, 1))
    url = reverse("propose", args=[collection.public_id])
    assert Client().get(reverse("collections"))["Location"] == url
    citizen = Client()
    wrong = citizen.post(url, {"title": "建五处口袋公园", "words": "短", "category": "urban"})
    assert wrong.status_code == 422
    assert "建五处口袋公园" in text(wrong)
    sent = {
        "title": "建五处口袋公园",
        "words": "老城区缺少休憩绿地，建议利用边角地建设。",
        "category": "urban",
    }
    receipt = citizen.post(url, sent, follow=True)
    case = Case.objects.get()
    assert (case.kind, case.place) == ("livelihood", collection.place)
    assert case.number in text(receipt)
    assert citizen.get(reverse("follow", args=[case.public_id])).status_code == 200


def test_the_page_says_when_projects_are_collected(town):
    publish(town, "livelihood")
    past = collect(town, date(2025, 9, 1))
    collect(town, date(2026, 9, 1))
    page = text(Client().get(reverse("collections")))
    assert "现在不在征集期" in page
    assert "2025-09-01 至 2025-10-11" in page
    assert "2026-09-01 至 2026-10-11" in page
    assert Client().get(reverse("propose", args=[past.public_id]))["Location"] == reverse("collections")


def test_citizens_do_not_propose_where_something_is_tried(town):
    publish(town, "livelihood")
    collection = collect(town, date(2026, 2, 1))
    url = reverse("propose", args=[collection.public_id])
    assert Client().get(url).status_code == 200
    town.jurisdiction.is_trial = True
    town.jurisdiction.save()
    assert Client().get(url).status_code == 404
