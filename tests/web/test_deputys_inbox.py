"""A deputy's list holds what is to be confirmed and to be seconded, each done in one tap."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Contact, Pressure
from huiyin.congress.models import Signature
from huiyin.directory.models import Post
from huiyin.history.models import Entry
from huiyin.notices.models import Notice
from tests.web.playing import play_until

WORDS = "单位的人打电话，说给个基本满意就行。"


@pytest.fixture
def moved(town):
    """A suggestion of deputy 1, with a contact of its unit that nobody has confirmed."""
    case = play_until(town, "rate")
    first = Contact.objects.filter(case=case).order_by("pk").first()
    Contact.objects.filter(case=case).exclude(pk=first.pk).delete()
    Contact.objects.update(confirmed=None, confirmed_at=None)
    return case


@pytest.fixture
def contacted(answered):
    """A matter that deputy 1 follows, with a contact of unit a that nobody has confirmed."""
    Contact.objects.update(confirmed=None, confirmed_at=None)
    return answered


def page(client, address: str = "") -> str:
    return client.get(address or reverse("tasks")).content.decode()


def test_shows_a_contact_to_confirm_and_takes_one_tap(client_of, moved):
    deputy = client_of("deputy")
    assert "请我确认的沟通" in page(deputy)
    contact = Contact.objects.get()
    said = {"contact": contact.public_id, "happened": "no", "back": "tasks"}
    answer = deputy.post(reverse("case_act", args=[moved.public_id, "contact"]), said)
    assert answer["Location"] == reverse("tasks")
    contact.refresh_from_db()
    assert contact.confirmed is False
    assert "请我确认的沟通" not in page(deputy)


def test_a_citizens_word_is_the_citizens_own(client_of, contacted):
    deputy = client_of("deputy")
    assert "请我确认的沟通" not in page(deputy)
    assert "没有联系过我" not in page(deputy, reverse("case", args=[contacted.public_id]))
    said = {"contact": Contact.objects.get().public_id, "happened": "yes"}
    answer = deputy.post(reverse("case_act", args=[contacted.public_id, "contact"]), said)
    assert answer.status_code in (403, 404, 409, 422)
    assert Contact.objects.get().confirmed is None


def test_shows_it_to_nobody_else(client_of, moved):
    assert "请我确认的沟通" not in page(client_of("a"))
    assert "请我确认的沟通" not in page(client_of("deputy2"))


def test_shows_who_asks_for_a_signature_until_it_is_given(client_of, town):
    case = play_until(town, "submit")
    friend = client_of("deputy2")
    assert "请我附议" not in page(friend)
    Signature.objects.filter(case=case).update(signed_at=None, text_hash="")
    shown = page(friend)
    assert "请我附议" in shown
    assert reverse("case", args=[case.public_id]) in shown
    assert "请我附议" not in page(client_of("deputy3"))


def test_who_rates_tells_the_congress_in_private(client_of, town, contacted):
    address = reverse("case", args=[contacted.public_id])
    act = reverse("case_act", args=[contacted.public_id, "pressure"])
    deputy = client_of("deputy")
    assert "有人劝我改评价" in page(deputy, address)
    before = Entry.objects.filter(subject_kind="case").count()
    for _twice in range(2):
        assert deputy.post(act, {"words": WORDS}).status_code == 302
    assert Pressure.objects.count() == 1
    assert Entry.objects.filter(subject_kind="case").count() == before, (
        "the case's own record does not say it"
    )
    assert Entry.objects.filter(subject_kind="pressure", kind="pressure_told").count() == 1
    told = Notice.objects.filter(kind="pressure_told").values_list("person", flat=True)
    assert town.actors["office"].person.pk in told
    assert town.actors["a"].person.pk not in told
    assert WORDS in page(client_of("office"), address)
    assert WORDS in page(deputy, address)


def test_no_unit_and_no_government_ever_sees_it(client_of, town, contacted):
    deputy = town.actors["deputy"]
    services.tell_pressure(case=contacted, words=WORDS, by=deputy, now=timezone.now())
    for name in ("a", "a-head", "government"):
        if name in town.actors:
            shown = page(client_of(name), reverse("case", args=[contacted.public_id]))
            assert WORDS not in shown
            assert "有人劝改评价" not in shown


def test_only_a_rater_can_tell(client_of, contacted):
    act = reverse("case_act", args=[contacted.public_id, "pressure"])
    assert client_of("a").post(act, {"words": WORDS}).status_code == 403
    assert not Pressure.objects.exists()


def test_who_also_works_in_the_unit_concerned_is_not_told(client_of, town, contacted):
    office, unit = town.actors["office"].person, town.units["a"]
    Post.objects.create(person=office, role="handler", unit=unit, place=unit.place, from_on="2020-01-01")
    services.tell_pressure(case=contacted, words=WORDS, by=town.actors["deputy"], now=timezone.now())
    assert not Notice.objects.filter(kind="pressure_told", person=office).exists()
    assert WORDS not in page(client_of("office"), reverse("case", args=[contacted.public_id]))
    assert Notice.objects.filter(kind="pressure_told").exists(), "others of the congress are"
