"""Files."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from api.files import LIMITS
from huiyin.cases import services
from huiyin.files import media
from huiyin.files.models import Attachment
from tests.api.conftest import NOW, REPORT, is_problem, picture


def upload(client, content, kind: str = "photo"):
    content.name = "upload"
    return client.write("/files/", {"kind": kind, "file": content}, format="multipart")


@pytest.fixture
def photo(office, definition, town):
    """A photo of a case."""
    found = upload(office, picture()).json()["id"]
    services.start_case(
        definition=definition, answers={**REPORT, "photos": [found]}, place=town.place, now=NOW
    )
    return found


def test_are_staged_with_an_id(office):
    answer = upload(office, picture())
    assert answer.status_code == 201, answer.content
    row = Attachment.objects.get(public_id=answer.json()["id"])
    assert (answer.json()["sha256"], answer.json()["media_type"]) == (row.sha256, "image/jpeg")
    assert row.committed_at is None


def test_are_read_by_nobody_while_they_are_staged(office, caller):
    found = upload(office, picture()).json()["id"]
    for client in (office, caller("station")):
        assert is_problem(client.read(f"/files/{found}/"), 404, "not_found")
        assert is_problem(client.read(f"/files/{found}/content/"), 404, "not_found")


def test_are_read_by_those_who_see_the_case(office, photo):
    assert office.read(f"/files/{photo}/").json()["kind"] == "photo"
    answer = office.read(f"/files/{photo}/content/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (64, 48)


def test_a_sealed_letter_comes_to_be_saved_and_not_to_be_shown(office, photo):
    Attachment.objects.filter(public_id=photo).update(kind="sealed", media_type="application/pdf")
    answer = office.read(f"/files/{photo}/content/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")


def test_come_small_too(office, photo):
    answer = office.read(f"/files/{photo}/content/", size="small")
    assert Image.open(BytesIO(b"".join(answer.streaming_content))).format == "JPEG"


def test_come_to_those_who_accept_pictures_alone(office, photo):
    office.defaults["HTTP_ACCEPT"] = "image/webp,image/*"
    assert office.read(f"/files/{photo}/content/").status_code == 200
    assert is_problem(office.read(f"/files/{photo}/"), 406, "not_acceptable")


def test_are_not_there_for_a_stranger(stranger, photo):
    assert is_problem(stranger.read(f"/files/{photo}/"), 404, "not_found")
    assert is_problem(stranger.read(f"/files/{photo}/content/"), 404, "not_found")


def test_are_not_listed(office, photo):
    assert is_problem(office.read("/files/"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("photo", b"<svg onload='x'/>", "photo_rejected"),
        ("voice", b"MZ\x90", "voice_rejected"),
        ("sealed", b"PK\x03\x04", "sealed_rejected"),
    ],
)
def test_are_refused_when_they_are_something_else(office, kind, raw, code):
    assert is_problem(upload(office, BytesIO(raw), kind), 422, code)
    assert not Attachment.objects.exists()


def test_are_refused_beyond_their_limit(office, monkeypatch):
    monkeypatch.setitem(LIMITS, Attachment.Kind.VOICE, 100)
    monkeypatch.setattr(media, "MAX_VOICE_BYTES", 100)
    answer = upload(office, BytesIO(b"#!AMR" + b"x" * 95), "voice")
    assert answer.status_code == 201, answer.content.decode()
    assert is_problem(upload(office, BytesIO(b"#!AMR" + b"x" * 96), "voice"), 422, "voice_rejected")


@pytest.mark.parametrize("body", [{}, {"kind": "film", "file": "x"}, {"kind": "photo"}])
def test_are_refused_without_kind_and_content(office, body):
    answer = office.write("/files/", body, format="multipart")
    assert is_problem(answer, 422, "invalid")
    assert answer.json()["problems"]


def test_are_not_taken_as_json(office):
    assert is_problem(office.write("/files/", {"kind": "photo"}), 415, "unsupported_media_type")


def test_are_not_taken_from_someone_unknown(anyone, db):
    answer = anyone.post("/api/v1/files/", {"kind": "photo", "file": picture()}, format="multipart")
    assert is_problem(answer, 401, "not_authenticated")
    assert not Attachment.objects.exists()
