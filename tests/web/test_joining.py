"""现场附议: the mover's code lets a deputy read the text and sign it, the same text, on the same day, once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing as signed
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import texts
from huiyin.cases.models import Case, CaseText
from huiyin.congress.models import Signature
from huiyin.web.pages import joining
from tests.web.playing import play_until

READ = "附议以您现在看到的文本为准"


@pytest.fixture
def case(town) -> Case:
    """A draft that deputy moves, which others may sign."""
    found = play_until(town, "submit")
    Signature.objects.filter(case=found).delete()
    return found


def code_of(case, short: str | None = None) -> str:
    short = short or texts.text_hash(case)[: joining.HASH]
    token = signed.dumps([case.public_id, short], salt=joining.SALT)
    return reverse("join", args=[token])


def sign(client, case, address: str = ""):
    address = address or code_of(case)
    shown = client.get(address).content.decode()
    text = re.search(r'name="text" value="(\w+)"', shown)
    return client.post(address, {"text": text[1] if text else ""})


def test_the_mover_shows_a_code_that_counts(client_of, case):
    shown = client_of("deputy").get(reverse("join_code", args=[case.public_id]))
    assert "<svg" in shown.content.decode()
    assert "人数每五秒更新" in shown.content.decode()
    assert shown["Refresh"].startswith("5; url=/")
    sign(client_of("deputy2"), case)
    assert (
        "提出人和附议人共 2 名"
        in client_of("deputy").get(reverse("join_code", args=[case.public_id])).content.decode()
    )


def test_nobody_else_shows_it(client_of, case):
    for name in ("deputy2", "office", "a"):
        assert client_of(name).get(reverse("join_code", args=[case.public_id])).status_code == 404


def test_a_deputy_who_was_not_invited_reads_and_signs(client_of, case):
    friend = client_of("deputy2")
    page = friend.get(code_of(case)).content.decode()
    assert case.title in page
    assert READ in page
    assert sign(friend, case)["Location"] == reverse("case", args=[case.public_id])
    row = Signature.objects.get(case=case)
    assert row.signed_at is not None
    assert row.text_hash == texts.text_hash(case)


def test_scanned_twice_it_is_one_signature_and_no_error(client_of, case):
    friend = client_of("deputy2")
    sign(friend, case)
    assert sign(friend, case)["Location"] == reverse("case", args=[case.public_id])
    assert Signature.objects.count() == 1


def test_who_was_invited_signs_by_the_code_too(client_of, case, town):
    Signature.objects.create(case=case, deputy=town.actors["deputy2"].person, invited_at=timezone.now())
    sign(client_of("deputy2"), case)
    assert Signature.objects.get().signed_at is not None


def test_a_changed_text_voids_the_code(client_of, case):
    address = code_of(case)
    CaseText.objects.filter(case=case).update(words="改过的案由与建议，和扫码时的不一样。")
    answer = client_of("deputy2").get(address)
    assert answer.status_code == 409
    assert READ not in answer.content.decode()
    assert not Signature.objects.exists()


def test_a_text_that_changes_under_the_readers_eyes_is_not_signed(client_of, case):
    friend, address = client_of("deputy2"), code_of(case)
    old = texts.text_hash(case)
    CaseText.objects.filter(case=case).update(words="改过的案由与建议，和扫码时的不一样。")
    answer = friend.post(address, {"text": old})
    assert answer.status_code == 409
    assert not Signature.objects.exists()


def test_the_mover_needs_no_signature(client_of, case):
    mover = client_of("deputy")
    assert "您是提出人，不必附议" in mover.get(code_of(case)).content.decode()
    answer = mover.post(code_of(case), {"text": texts.text_hash(case)})
    assert answer.status_code == 409
    assert not Signature.objects.exists()


def test_who_is_no_deputy_reads_nothing(client_of, case):
    for name in ("office", "a"):
        answer = client_of(name).get(code_of(case))
        assert answer.status_code == 422
        assert case.title not in answer.content.decode()


def test_nobody_signs_without_signing_in(client, case):
    answer = client.get(code_of(case))
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_a_code_that_nobody_signed_or_of_yesterday_is_not_found(client_of, case, monkeypatch):
    friend = client_of("deputy2")
    assert friend.get(reverse("join", args=["made-up"])).status_code == 404
    address = code_of(case)
    monkeypatch.setattr(joining, "LASTS", timedelta(seconds=-1))
    assert friend.get(address).status_code == 404


def test_after_it_is_submitted_and_numbered_nobody_joins(client_of, town):
    case = play_until(town, "propose")
    address = code_of(case)
    answer = client_of("deputy3").get(address)
    assert answer.status_code == 409
    assert client_of("deputy").get(reverse("join_code", args=[case.public_id])).status_code == 404
