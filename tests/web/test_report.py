"""A citizen's report: without an account, without scripts, twice, and with wrong input."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case

WORDS = "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。"


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def send(client, url, key="k1", **fields):
    return client.post(url, {"key": key, "category": "road", "words": WORDS, **fields})


def test_gives_a_receipt_with_number_code_and_qr(url):
    client = Client()
    answer = client.get(send(client, url)["Location"])
    case = Case.objects.get()
    page = answer.content.decode()
    assert case.number in page
    assert "<svg" in page
    assert re.search(r'class="code">[a-z0-9]{8}<', page)


def test_keeps_every_word_when_something_is_wrong(url):
    answer = send(Client(), url, words="路灯坏了", phone="123", name="周全")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“具体情况”至少 10 个字" in page
    assert "请填写 11 位手机号，或带区号的固定电话" in page
    assert 'value="123"' in page
    assert "路灯坏了</textarea>" in page
    assert not Case.objects.exists()


def test_is_one_matter_when_the_button_is_tapped_twice(url):
    client = Client()
    first, second = send(client, url), send(client, url)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_is_another_matter_when_the_words_changed_after_the_back_button(url):
    client = Client()
    first, second = send(client, url), send(client, url, words=WORDS + "另外桥栏杆也松了。")
    assert first["Location"] != second["Location"]
    assert Case.objects.count() == 2


def test_the_same_again_after_it_is_closed_is_another_matter(url):
    client = Client()
    first = send(client, url)
    now = timezone.now()
    Case.objects.update(closed_at=now, ended_at=now, outcome="answered")
    assert send(client, url, key="k2")["Location"] != first["Location"]
    assert Case.objects.count() == 2


def test_more_than_is_read_and_a_lost_cookie_are_said_in_words(url):
    many = {f"field{n}": "" for n in range(1100)}
    refused = send(Client(), url, **many)
    assert refused.status_code == 400
    assert "减少照片后再提交" in refused.content.decode()
    refused = send(Client(enforce_csrf_checks=True), url)
    assert refused.status_code == 403
    assert "在浏览器中打开" in refused.content.decode()


def test_refuses_a_file_that_is_no_photo_and_keeps_the_words(url):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = send(Client(), url, photos=SimpleUploadedFile("virus.jpg", b"MZ not a picture"))
    assert answer.status_code == 422
    assert "不是可以读取的照片" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_weighs_less_than_a_hundred_kilobytes_with_its_styles_and_needs_no_script(url):
    from django.contrib.staticfiles import finders

    page = Client().get(url).content
    styles = sum(
        len(open(finders.find(name), "rb").read())  # noqa: SIM115
        for name in ("web/huiyin.css", "web/citizen.css")
    )
    assert len(page) + styles < 100_000
    assert b"<script" not in page


def test_shows_the_receipt_to_no_other_browser(url):
    sent = send(Client(), url)
    assert Client().get(sent["Location"]).status_code == 404


def test_is_found_nowhere_but_at_a_place(definition, town):
    county = town.place.parent.parent
    assert Client().get(reverse("report", args=[county.public_id])).status_code == 404


def test_is_complete_in_english(url):
    page = Client().get(url, headers={"accept-language": "en"}).content.decode()
    assert "Report a matter" in page
    assert "我要反映" not in page


def test_answers_a_nul_in_an_address_as_not_found_and_in_words_beside_the_field(url):
    client = Client()
    assert client.get("/cases/%00/").status_code == 404
    assert client.get("/report/", {"x": "\0"}).status_code == 404
    refused = send(client, url, words=f"{WORDS}\0")
    page = refused.content.decode()
    assert (refused.status_code, WORDS in page) == (422, True)
    assert "看不见的字符" in page
    assert not Case.objects.exists()
