"""Uploads of the report page: how many, how large, and what is too much is not even opened."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.files import media
from huiyin.files import services as files
from huiyin.files.models import Attachment
from huiyin.web import uploads
from tests.files.pictures import jpeg
from tests.web.test_report import WORDS


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def send(url, count: int, raw: bytes | None = None):
    photos = [SimpleUploadedFile(f"{n}.jpg", raw or jpeg()) for n in range(count)]
    return Client().post(url, {"key": "k1", "category": "road", "words": WORDS, "photos": photos})


def most(definition) -> int:
    return definition.form_sources["report"]["schema"]["properties"]["photos"].get("maxItems", uploads.MOST)


def test_takes_as_many_photos_as_the_form_says(url, definition):
    assert send(url, most(definition)).status_code == 302
    assert Attachment.objects.filter(committed_at__isnull=False).count() == most(definition)


def test_refuses_one_more_and_opens_no_more_than_it_takes(url, definition, monkeypatch):
    opened = []
    stage = files.stage
    monkeypatch.setattr(files, "stage", lambda **given: opened.append(1) or stage(**given))
    answer = send(url, most(definition) + 1)
    assert answer.status_code == 422
    assert f"最多 {most(definition)} 个" in answer.content.decode()
    assert WORDS in answer.content.decode()
    assert len(opened) == most(definition)
    assert not Case.objects.exists()


def test_refuses_a_file_that_is_too_large_without_reading_it_whole(url, monkeypatch):
    read = []
    stage = files.stage
    monkeypatch.setattr(files, "stage", lambda **given: read.append(len(given["raw"])) or stage(**given))
    answer = send(url, 1, jpeg() + b"\0" * (media.MAX_PHOTO_BYTES + 1000))
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert read == [media.MAX_PHOTO_BYTES + 1]
    assert not Case.objects.exists()
    assert not Attachment.objects.exists()
