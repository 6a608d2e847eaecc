"""替别人反映: whose matter it is, kept from all but those who call back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case, CaseText
from huiyin.history.selectors import entries_of

WORDS = "独居老人家的水管漏了一周，地面全是水，他自己不会报修。"
OTHER = {"for_whom": "other", "other_name": "魏长安", "other_phone": "13900000000"}


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def send(url, **fields):
    return Client().post(url, {"key": "k1", "category": "water", "words": WORDS, **fields})


def test_keeps_whose_matter_it_is_for_those_who_call_back(url, client_of):
    assert send(url, **OTHER).status_code == 302
    case = Case.objects.get()
    assert CaseText.objects.get(case=case).sealed["other_name"] == "魏长安"
    page = client_of("office").get(reverse("case", args=[case.public_id])).content.decode()
    assert "魏长安" in page
    assert "tel:13900000000" in page


def test_shows_it_to_no_supervisor_and_writes_it_into_no_record(url, client_of):
    send(url, **OTHER)
    case = Case.objects.get()
    page = client_of("watch").get(reverse("case", args=[case.public_id])).content.decode()
    assert "魏长安" not in page
    assert "13900000000" not in page
    assert "魏长安" not in str([entry.facts for entry in entries_of("case", case.pk)])


def test_asks_for_the_name_beside_the_field_and_keeps_the_words(url):
    answer = send(url, for_whom="other", other_phone="139")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写“当事人姓名”" in page
    assert 'id="p-other_phone"' in page
    assert WORDS in page


def test_drops_the_other_person_when_it_is_ones_own_matter_after_all(url):
    assert send(url, **{**OTHER, "for_whom": "self"}).status_code == 302
    assert "other_name" not in CaseText.objects.get().sealed


def test_asks_for_consent(url):
    assert "请先征得本人同意" in Client().get(url).content.decode()
