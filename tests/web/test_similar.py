"""Before a matter is sent: what is published of the same thing nearby, 我也遇到, or on with every word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.files.models import Attachment
from huiyin.history.selectors import entries_of
from huiyin.opinion import services
from huiyin.opinion.models import Publication, Supporter
from tests.files.pictures import jpeg

WORDS = "老桥路灯不亮了，晚上走路很危险，请尽快修好。"


@pytest.fixture
def published(matter, do, town):
    do("screen", {"screening": "accept"})
    text = {"title": "村口老桥路灯坏了", "words": "村口老桥的路灯坏了一个多月，晚上看不清路。"}
    return services.publish_case(case=matter, by=town.actors["office"], now=timezone.now(), **text)


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def send(client, url, **fields):
    return client.post(url, {"key": "k1", "category": "road", "words": WORDS, **fields})


def test_shows_what_was_published_of_the_same_thing_and_keeps_every_word(url, published):
    answer = send(Client(), url, name="周全")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "村口老桥路灯坏了" in page
    assert f'name="words" value="{WORDS}"' in page
    assert 'name="name" value="周全"' in page
    assert Case.objects.count() == 1


def test_goes_on_with_the_words_and_the_photos_when_it_is_another_thing(url, published):
    client = Client()
    page = send(client, url, photos=[SimpleUploadedFile("a.jpg", jpeg())]).content.decode()
    photo = Attachment.objects.get().public_id
    assert f'name="photos" value="{photo}"' in page
    assert send(client, url, photos=[photo], step="send").status_code == 302
    case = Case.objects.exclude(pk=published.case_id).get()
    assert case.text.words == WORDS
    assert Attachment.objects.get().subject_id == case.pk


def test_goes_back_to_the_form_with_the_words(url, published):
    answer = send(Client(), url, step="edit")
    assert f"{WORDS}</textarea>" in answer.content.decode()
    assert Case.objects.count() == 1


def test_is_left_out_where_nothing_is_alike(url, published):
    assert send(Client(), url, words="学校门口没有斑马线，孩子过马路不安全。").status_code == 302


def test_never_shows_what_was_not_reviewed(url, matter):
    assert send(Client(), url, words=matter.text.words).status_code == 302


def test_says_first_what_is_wrong_with_the_form(url, published):
    answer = send(Client(), url, phone="1")
    assert answer.status_code == 422
    assert "是不是同一件事" not in answer.content.decode()


def test_counts_each_browser_once_and_gives_a_slip(published):
    client, meet = Client(), reverse("meet", args=[published.public_id])
    slip = client.post(meet)["Location"]
    client.post(meet)
    page = client.get(slip).content.decode()
    assert "1 人也遇到" in page
    assert "<svg" in page
    Client().post(meet)
    assert "2 人也遇到" in Client().get(reverse("answer", args=[published.public_id])).content.decode()
    assert Supporter.objects.count() == 2


def test_writes_one_line_a_day_into_the_record_however_many_come(published):
    now = timezone.now().replace(hour=4)
    for days, count in ((0, 1), (0, 2), (0, 3), (1, 4), (1, 5)):
        key = f"key{count}"
        assert services.support(publication=published, key=key, now=now + timedelta(days)) == count
    entries = [e for e in entries_of("case", published.case_id) if e.kind == "matter_met_too"]
    assert [entry.facts["count"] for entry in entries] == [1, 4]


def test_counts_on_post_alone_and_shows_the_slip_to_no_other_browser(published):
    led = Client().get(reverse("meet", args=[published.public_id]))
    assert led["Location"] == reverse("answer", args=[published.public_id])
    assert Client().get(reverse("met", args=[published.public_id])).status_code == 404
    assert not Supporter.objects.exists()


def test_counts_nobody_on_a_closed_matter_and_says_why(published, url):
    Case.objects.filter(pk=published.case_id).update(closed_at=timezone.now(), outcome="answered")
    answer = Client().post(reverse("meet", args=[published.public_id]))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert "问题又出现了，请继续提交" in send(Client(), url).content.decode()


def test_counts_nobody_on_what_was_withdrawn(published):
    Publication.objects.update(
        withdrawn_at=timezone.now(), withdrawn_by=published.published_by, withdrawn_reason="当事人要求"
    )
    assert Client().post(reverse("meet", args=[published.public_id])).status_code == 404
