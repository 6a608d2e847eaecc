"""来访、来电登记: what citizens bring to the counter, many matters of one sheet, and a lost receipt by telephone."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.cases import migrations
from huiyin.cases.models import Case, CaseText, Transcription
from huiyin.cases.services import slips
from huiyin.core import time_source
from huiyin.files.models import Attachment
from huiyin.history.models import Entry
from tests.conftest import at
from tests.files.pictures import jpeg

PHONE = "138 0000-5678"


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(at("2026-09-02T10:00")):
        yield


def posted(at_place, **more):
    return {
        "key": "one",
        "place": at_place.public_id,
        "transcription.way": "paper",
        "transcription.on": "2026-09-02",
        "transcription.proof": SimpleUploadedFile("sheet.jpg", jpeg()),
        "category": "road",
        "words": "村口的桥栏断了一截，孩子上学要走，请来修。",
        "name": "周全",
        "phone": "13800005678",
        **more,
    }


def send(client, at_place, **more):
    return client.post(reverse("intake"), posted(at_place, **more))


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def station(client_of, definition):
    return client_of("station")


def test_a_station_enters_what_came_on_paper_with_its_day(station, town):
    answer = send(station, town.place)
    case = Case.objects.get()
    assert answer["Location"] == reverse("case", args=[case.public_id])
    assert (case.source, str(case.received_on)) == ("station", "2026-09-02")
    assert Transcription.objects.get(case=case).way == "paper"
    assert Attachment.objects.filter(subject_id=case.pk, part__startswith="transcription:").count() == 1


def test_who_comes_in_and_says_it_needs_no_paper_but_a_note(station, town):
    said = {"transcription.way": "visit", "transcription.proof": ""}
    assert send(station, town.place, **said).status_code == 422
    done = send(station, town.place, **said, **{"transcription.note": "上午来站当面反映，核对了身份证。"})
    assert done.status_code == 302
    page = text(station.get(done["Location"]))
    assert "来访" in page
    assert "代录周" in page


def test_the_next_matter_of_the_sheet_keeps_who_came_how_and_the_scan(station, town):
    answer = send(station, town.place, then="next")
    assert answer["Location"] == f"{reverse('intake')}?next=1"
    shown = text(station.get(answer["Location"]))
    first = Case.objects.get()
    assert first.number in shown
    assert 'value="周全"' in shown
    assert "村口的桥栏" not in shown, "the words are the next matter's own"
    copied = Attachment.objects.get(committed_at=None)
    assert copied.public_id in shown
    second = posted(town.place, key="two", words="水渠堵了，下雨就漫到路上，请来疏通。")
    second["transcription.proof"] = copied.public_id
    assert station.post(reverse("intake"), second).status_code == 302
    scans = Attachment.objects.filter(part__startswith="transcription:", committed_at__isnull=False)
    assert {scan.subject_id for scan in scans} == set(Case.objects.values_list("pk", flat=True))
    assert Case.objects.count() == 2


def test_sent_twice_is_one_matter(station, town):
    send(station, town.place)
    send(station, town.place)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": ""}, "请选择事情发生的地点"),
        ({"words": "短"}, "至少 10 个字"),
        ({"transcription.on": "2026-09-03"}, "收到日期不能晚于今天"),
        ({"transcription.on": "2026-08-01"}, "请说明补录的原因"),
        ({"transcription.proof": ""}, "原件扫描件"),
    ],
)
def test_says_what_is_wrong_and_keeps_every_word(station, town, wrong, sentence):
    answer = send(station, town.place, **wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="周全"' in text(answer)
    assert not Case.objects.exists()


def test_only_counters_enter_matters(client_of, definition, town, client):
    assert client_of("a").get(reverse("intake")).status_code == 403
    assert send(client_of("a"), town.place).status_code == 403
    assert "登记</a>" not in text(client_of("a").get(reverse("tasks")))
    assert client.get(reverse("intake"))["Location"].startswith(reverse("sign_in"))
    assert not Case.objects.exists()


def test_finds_a_lost_receipt_by_telephone_however_it_is_written(station, town):
    send(station, town.place)
    case = Case.objects.get()
    assert case.number in text(station.post(reverse("lost"), {"phone": PHONE}))
    assert "没有找到" in text(station.post(reverse("lost"), {"phone": "13900000000"}))
    assert station.post(reverse("lost"), {"phone": ""}).status_code == 422
    assert PHONE not in str(CaseText.objects.get().phone_codes)


def test_a_matter_is_found_by_the_telephone_of_the_one_it_is_reported_for(station, town):
    send(station, town.place, for_whom="other", other_name="魏长安", other_phone="13900000000")
    case = Case.objects.get()
    for phone in (PHONE, "139-0000-0000"):
        assert case.number in text(station.post(reverse("lost"), {"phone": phone}))


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("13800005678", "+86 138-0000-5678"),
        ("13800005678", "8613800005678"),
        ("13800005678", "0086 138 0000 5678"),
        ("13800005678", "１３８００００５６７８"),
        ("13800005678", "＋８６１３８００００５６７８"),
        ("0570-1234567", "+86 570 1234567"),
        ("0570 1234567", "(0570)1234567"),
    ],
)
def test_one_number_has_one_code_however_it_is_written(kept, asked):
    assert slips.phone_code(kept) == slips.phone_code(asked)


@pytest.mark.parametrize("other", ["8601234", "13800005679", "86138000056789", "57012345"])
def test_other_numbers_have_other_codes(other):
    assert slips.phone_code(other) not in {
        slips.phone_code(one) for one in ("13800005678", "01234", "057012345")
    }


@pytest.mark.parametrize("name", ["phone", "other_phone"])
@pytest.mark.parametrize("phone", ["138-0000-5678", "＋８６ 13800005678", "+86 570 1234567"])
def test_what_was_kept_before_is_found_too(station, town, name, phone):
    send(station, town.place)
    row = CaseText.objects.get()
    row.sealed, row.phone_codes = {name: phone}, []
    row.save()
    file = next(Path(migrations.__path__[0]).glob("*_telephones_of_both.py"))
    import_module(f"{migrations.__name__}.{file.stem}").find_telephones(apps, None)
    assert CaseText.objects.get().phone_codes == [slips.phone_code(phone)]


def test_a_printed_receipt_stands_in_the_record(station, town):
    send(station, town.place)
    case = Case.objects.get()
    address = reverse("slip", args=[case.public_id])
    assert station.get(address)["Location"] == reverse("case", args=[case.public_id]), (
        "a link never prints one"
    )
    assert not Entry.objects.filter(kind="slip_issued").exists()
    shown = text(station.post(address))
    assert case.number in shown
    assert "<svg" in shown
    assert Entry.objects.filter(subject_kind="case", subject_id=case.pk, kind="slip_issued").count() == 1


def test_no_unit_looks_up_or_prints_a_receipt(client_of, station, town, matter):
    for name in ("a", "deputy"):
        assert client_of(name).post(reverse("lost"), {"phone": PHONE}).status_code == 403
        assert client_of(name).post(reverse("slip", args=[matter.public_id])).status_code in (403, 404)
    assert not Entry.objects.filter(kind="slip_issued").exists()
