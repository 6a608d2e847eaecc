"""代录 on its pages: a sheet is entered with its scan, wrong pages keep every word, and only the office finds the way."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases.models import Case, Contact, Rating, Transcription
from huiyin.cases.texts import text_hash
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.files.models import Attachment
from huiyin.lifecycle.scenarios import moment
from tests.files.pictures import jpeg
from tests.web.playing import play_until, publish, task_of
from tests.web.test_suggestions import MOVED, WORDS

TODAY = "2026-02-11"
RATING = {"rating.result": "satisfied", "rating.attitude": "satisfied", "rating.ask": ["1", "2"],
          "rating.settled.1": "yes", "rating.settled.2": "yes"}  # fmt: skip


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment(f"{TODAY} 10:00")):
        yield


def sheet(on: str = TODAY, note: str = "") -> dict[str, object]:
    scan = SimpleUploadedFile("scan.jpg", jpeg())
    return {"transcription.way": "paper", "transcription.on": on, "transcription.note": note,
            "transcription.proof": scan, "key": "one"}  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


def moved_by(town, name: str = "deputy") -> dict[str, object]:
    return {**MOVED, **sheet(), "mover": town.actors[name].person.public_id}


def test_the_office_enters_a_suggestion_its_signatures_and_its_submission(client_of, town):
    publish(town)
    office, friend = client_of("congress"), town.actors["deputy2"].person
    assert reverse("start_for", args=["suggestion"]) in text(office.get(reverse("cases")))
    answer = office.post(reverse("start_for", args=["suggestion"]), moved_by(town))
    case = Case.objects.get()
    assert answer["Location"] == reverse("case", args=[case.public_id])
    page = text(office.get(answer["Location"]))
    assert "代表工委代录" in page
    signatures = reverse("signatures_for", args=[case.public_id])
    assert signatures in page
    assert friend.public_id in text(office.get(signatures))
    for other in ("a", "station", "government", "deputy2"):
        assert client_of(other).get(signatures).status_code in (403, 404)
    signed = office.post(
        reverse("signatures_for", args=[case.public_id]),
        {**sheet(), "text": text_hash(case), "signers": [friend.public_id]},
    )
    assert signed.status_code == 302
    assert Signature.objects.get(case=case).transcription is not None
    submit = task_of(case, "submit")
    sent = {**sheet(), "next": "submit", "signatures.confirmed": "yes", "seen_revision": submit.revision}
    assert office.post(reverse("task_for", args=[submit.public_id]), sent).status_code == 302
    assert task_of(case, "screen")
    page = text(office.get(reverse("case", args=[case.public_id])))
    assert "纸质签名" in page
    assert page.count("来件登记") == 1
    assert Attachment.objects.filter(subject_id=case.pk, part__startswith="transcription:").count() == 3


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"


def scanned(raw: bytes) -> dict[str, object]:
    return {"transcription.proof": SimpleUploadedFile("scan.pdf", raw, "application/pdf")}


def test_a_scan_of_many_pages_comes_as_one_pdf_and_is_only_handed_out_to_be_saved(client_of, town):
    publish(town)
    office = client_of("congress")
    answer = office.post(reverse("start_for", args=["suggestion"]), {**moved_by(town), **scanned(PDF)})
    row = Attachment.objects.get(subject_id=Case.objects.get().pk)
    assert (row.kind, row.media_type) == ("scan", "application/pdf")
    page = text(office.get(answer["Location"]))
    assert "扫描件（PDF）" in page
    saved = office.get(reverse("attachment", args=[row.public_id]))
    assert b"".join(saved.streaming_content) == PDF
    assert saved["Content-Disposition"].startswith("attachment")


def test_a_pdf_with_a_script_is_refused_in_words(client_of, town):
    publish(town)
    wild = PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript >>")
    answer = client_of("congress").post(
        reverse("start_for", args=["suggestion"]), {**moved_by(town), **scanned(wild)}
    )
    assert answer.status_code == 422
    assert "这个文件不是普通的 PDF" in text(answer)
    assert MOVED["title"] in text(answer)
    assert not Case.objects.exists()


def test_a_wrong_page_keeps_every_word_and_the_scan(client_of, town):
    publish(town)
    office, url = client_of("congress"), reverse("start_for", args=["suggestion"])
    sent = {**moved_by(town), "title": "短", "mover": "", "transcription.on": ""}
    answer = office.post(url, sent)
    assert answer.status_code == 422
    page = text(answer)
    for words in (WORDS, "公布停水安排", "请选择收到日期"):
        assert words in page
    staged = Attachment.objects.get(committed_at=None)
    assert f'value="{staged.public_id}"' in page
    again = {**moved_by(town), "transcription.proof": staged.public_id}
    assert office.post(url, again).status_code == 302
    assert Transcription.objects.count() == 1


def test_sent_twice_it_is_one_matter(client_of, town):
    publish(town)
    office, url = client_of("congress"), reverse("start_for", args=["suggestion"])
    assert [office.post(url, moved_by(town)).status_code for _n in range(2)] == [302, 302]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("who", ["deputy", "station", "government", "a"])
def test_nobody_else_finds_the_page(client_of, town, who):
    publish(town)
    client = client_of(who)
    assert client.get(reverse("start_for", args=["suggestion"])).status_code == 404
    assert "代录代表建议" not in text(client.get(reverse("cases")))


def test_a_rating_form_is_entered_and_the_rated_find_no_way(client_of, town):
    case = play_until(town, "rate")
    task = task_of(case, "rate")
    url = reverse("task_for", args=[task.public_id])
    assert client_of("a").get(url).status_code == 404
    assert "代录来件" not in text(client_of("a").get(reverse("case", args=[case.public_id])))
    office = client_of("congress")
    assert url in text(office.get(reverse("case", args=[case.public_id])))
    assert "代录 代表 的代表评价" in text(office.get(url))
    assert "要评价的答复" in text(office.get(url)), "whoever enters it can read the answer out"
    refused = office.post(url, {**RATING, **sheet(on="2026-02-10"), "seen_revision": task.revision})
    assert (refused.status_code, "请说明补录的原因" in text(refused)) == (422, True)
    done = office.post(url, {**RATING, **sheet(), "seen_revision": task.revision})
    assert done.status_code == 302
    assert Rating.objects.get(case=case).result == "satisfied"
    late = office.post(url, {**RATING, **sheet(), "key": "two", "seen_revision": task.revision})
    assert (late.status_code, "已经" in text(late)) == (409, True)


def test_a_letter_takes_the_matter_back(client_of, town):
    case = play_until(town, "screen", skip=())
    Signature.objects.filter(case=case).update(agreed_withdrawal_at=moment(f"{TODAY} 09:00"))
    office, url = client_of("congress"), reverse("withdrawal_for", args=[case.public_id])
    assert office.post(url, sheet()).status_code == 422
    assert office.post(url, {**sheet(), "reason": "情况已解决"}).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_a_deputy_confirms_a_contact_in_one_tap_and_the_office_from_paper(client_of, town):
    case = play_until(town, "rate")
    contact = Contact.objects.filter(case=case).first()
    deputy, url = client_of("deputy"), reverse("case", args=[case.public_id])
    assert "没有联系过我" in text(deputy.get(url))
    assert "没有联系过我" not in text(client_of("a").get(url))
    task = task_of(case, "rate")
    sent = {"contact": contact.public_id, "happened": "no", "task": task.public_id}
    answer = deputy.post(reverse("case_act", args=[case.public_id, "contact"]), sent)
    assert answer["Location"] == reverse("task", args=[task.public_id])
    contact.refresh_from_db()
    assert contact.confirmed is False
    assert "没有联系过我" not in text(deputy.get(url))
    Contact.objects.filter(pk=contact.pk).update(confirmed=None, confirmed_at=None)
    office, paper = client_of("congress"), reverse("contact_for", args=[case.public_id, contact.public_id])
    assert paper in text(office.get(url))
    assert office.post(paper, {**sheet(), "happened": "yes"}).status_code == 302
    contact.refresh_from_db()
    assert contact.confirmed is True


def test_a_unit_confirms_no_contact(client_of, town):
    case = play_until(town, "rate")
    contact = Contact.objects.filter(case=case).first()
    client_of("a").post(
        reverse("case_act", args=[case.public_id, "contact"]),
        {"contact": contact.public_id, "happened": "yes"},
    )
    contact.refresh_from_db()
    assert contact.confirmed is None


@pytest.mark.parametrize("who", ["a", "station", "deputy", "government"])
def test_a_deputys_word_of_a_contact_is_entered_by_the_congress_office_alone(client_of, town, who):
    case = play_until(town, "rate")
    contact = Contact.objects.filter(case=case).first()
    contact.confirmed = None
    contact.save()
    page = reverse("contact_for", args=[case.public_id, contact.public_id])
    assert client_of(who).get(page).status_code in (403, 404)
    shown = client_of("congress").get(page)
    assert shown.status_code == 200
    assert "按原件照录" in text(shown)
