"""What telephones send: 12 MB and HEIC arrive as small pictures without the place where they were taken."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from huiyin.files import media
from huiyin.files.models import Attachment
from tests.files.pictures import heic, jpeg

WORDS = "河边护栏断了三米，小孩常在旁边玩，请尽快修好。"
TWELVE_MB = 12 * 1024 * 1024


@pytest.fixture
def url(definition, town):
    return reverse("report", args=[town.place.public_id])


def a_picture_of_12_mb() -> bytes:
    """Noise does not compress: four thousand by three thousand points of it are what a good camera makes."""
    noise = Image.frombytes("RGB", (4000, 3000), os.urandom(4000 * 3000 * 3))
    raw = jpeg(noise, gps=True)
    assert TWELVE_MB < len(raw) <= media.MAX_PHOTO_BYTES
    return raw


@pytest.mark.parametrize(("name", "make"), [("camera.jpg", a_picture_of_12_mb), ("IMG_0001.HEIC", heic)])
def test_are_taken_and_made_small_without_their_place(url, name, make):
    photo = SimpleUploadedFile(name, make())
    answer = Client().post(url, {"key": "k1", "category": "safety", "words": WORDS, "photos": [photo]})
    assert answer.status_code == 302
    kept = Attachment.objects.get(committed_at__isnull=False)
    with kept.file.open("rb") as stored:
        picture = Image.open(BytesIO(stored.read()))
    assert picture.format == "JPEG"
    assert max(picture.size) <= media.LONG_SIDE
    assert not picture.getexif()
    assert kept.size < 5 * 1024 * 1024
