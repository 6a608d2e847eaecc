"""盖章件: the unit that issued a reply keeps the sealed letter as its official text, for those who may read the reply."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huiyin.files import media
from huiyin.files.models import Attachment

LETTER = (
    b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\nxref\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
)


def send(client, case, raw: bytes | None = LETTER):
    files = {} if raw is None else {"sealed": SimpleUploadedFile("盖章.pdf", raw, "application/pdf")}
    return client.post(reverse("case_act", args=[case.public_id, "seal"]), files)


def page(client, case) -> str:
    return client.get(reverse("case", args=[case.public_id])).content.decode()


def test_is_uploaded_by_the_unit_and_read_by_those_who_read_the_reply(client_of, answered):
    unit = client_of("a-head")
    assert "上传答复盖章件" in page(unit, answered)
    assert send(unit, answered).status_code == 302
    row = Attachment.objects.get(kind="sealed")
    link = reverse("attachment", args=[row.public_id])
    assert link in page(client_of("deputy"), answered)
    saved = client_of("deputy").get(link)
    assert b"".join(saved.streaming_content) == LETTER
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert f"上传答复的盖章件，校验码 {row.sha256[:12]}" in page(unit, answered)


def test_the_one_who_asked_finds_it_beside_the_reply(client_of, answered):
    send(client_of("a"), answered)
    row = Attachment.objects.get(kind="sealed")
    asker = Client()
    session = asker.session
    session["followed"] = [answered.public_id]
    session.save()
    shown = asker.get(reverse("follow", args=[answered.public_id])).content.decode()
    assert reverse("attachment", args=[row.public_id]) in shown
    assert Client().get(reverse("attachment", args=[row.public_id])).status_code == 404


def test_a_later_one_takes_its_place_and_the_former_stays(client_of, answered):
    unit = client_of("a")
    send(unit, answered)
    send(unit, answered, LETTER + b"\n%%EOF\n")
    first, second = Attachment.objects.filter(kind="sealed").order_by("pk")
    shown = page(unit, answered)
    assert reverse("attachment", args=[second.public_id]) in shown
    assert reverse("attachment", args=[first.public_id]) not in shown


def test_nobody_else_uploads_it(client_of, answered):
    for name in ("office", "deputy"):
        assert "上传答复盖章件" not in page(client_of(name), answered)
        answer = send(client_of(name), answered)
        assert answer.status_code == 403
        assert "只有签发答复的单位可以上传盖章件" in answer.content.decode()


def test_before_a_reply_there_is_nothing_to_seal(client_of, matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}})
    unit = client_of("a")
    assert "上传答复盖章件" not in page(unit, matter)
    assert send(unit, matter).status_code == 409


def test_without_a_file_the_page_says_so(client_of, answered):
    answer = send(client_of("a"), answered, None)
    assert answer.status_code == 422
    assert "请选择盖章件的 PDF 文件" in answer.content.decode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04 a workbook",
        LETTER[:-8],
        LETTER.replace(b"/Type", b"/JavaScript (x) /Type"),
        LETTER.replace(b"/Type", b"/J#61vaScript (x) /Type"),
        LETTER.replace(b"/Type", b"/Launch (x) /Type"),
        LETTER.replace(b"/Root", b"/Encrypt 2 0 R /Root"),
        LETTER + b"0" * media.MAX_SEALED_BYTES + b"%%EOF",
    ],
    ids=["empty", "no PDF", "cut off", "script", "hidden script", "launches", "locked", "too large"],
)
def test_what_is_no_plain_letter_is_refused(client_of, answered, raw):
    answer = send(client_of("a"), answered, raw)
    assert answer.status_code == 422
    assert not Attachment.objects.filter(kind="sealed").exists()
