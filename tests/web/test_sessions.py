"""会议与征集: the congress office enters meetings and announces collections; refusals stand beside the words."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.congress.models import Collection, Series, Session
from huiyin.core import time_source
from huiyin.directory.models import Place, Term
from huiyin.history import selectors as history
from tests.conftest import at

NOW = at("2026-09-01T09:00")
MEETING = {
    "what": "session",
    "number": "5",
    "opens_on": "2026-09-01",
    "closes_on": "2026-09-04",
    "deadline_at": "2026-09-02T17:00",
}
COLLECTION = {
    "what": "collection",
    "title": "2027年民生实事项目征集",
    "opens_on": "2026-09-01",
    "closes_on": "2026-10-10",
}


@pytest.fixture(autouse=True)
def today():
    with time_source.standing_at(NOW):
        yield


@pytest.fixture
def term(town) -> Term:
    """The county's term; the town has no other."""
    Term.objects.filter(jurisdiction=town.jurisdiction).delete()
    county = town.place_for(("county",))
    return Term.objects.create(
        jurisdiction=town.jurisdiction,
        place=county,
        number=17,
        from_on=date(2022, 1, 1),
        to_on=date(2027, 1, 1),
    )


def send(client: Client, term: Term, given: dict[str, str], **changed: str):
    return client.post(reverse("sessions"), {"term": term.public_id, **given, **changed})


def test_asks_a_stranger_to_sign_in():
    assert Client().get(reverse("sessions"))["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["deputy", "a", "government"])
def test_is_closed_to_other_roles(client_of, term, name):
    answer = client_of(name).get(reverse("sessions"))
    assert answer.status_code == 403
    assert "您的岗位没有这项权限" in answer.content.decode()
    assert send(client_of(name), term, MEETING).status_code == 403
    assert not Session.objects.exists()


def test_only_those_who_run_it_are_led_there(client_of, term):
    assert reverse("sessions") in client_of("congress").get(reverse("tasks")).content.decode()
    assert reverse("sessions") not in client_of("deputy").get(reverse("tasks")).content.decode()


def test_is_empty_before_the_first_meeting(client_of, term):
    page = client_of("congress").get(reverse("sessions")).content.decode()
    assert "还没有登记会议" in page
    assert "还没有公布过征集" in page


def test_says_what_is_missing_where_no_term_is_entered(client_of, term):
    term.delete()
    page = client_of("congress").get(reverse("sessions")).content.decode()
    assert "还没有登记届次" in page
    assert '<form method="post" novalidate' not in page


def test_enters_a_meeting_and_writes_it_down(client_of, term):
    answer = send(client_of("congress"), term, MEETING)
    assert answer.status_code == 302
    session = Session.objects.get()
    assert (session.name, session.deadline_at) == ("县十七届人大五次会议", at("2026-09-02T17:00"))
    assert [one.kind for one in history.entries_of("session", session.pk)] == ["session_entered"]
    Series.objects.create(session=session, kind="suggestion", last=12)
    page = client_of("congress").get(reverse("sessions")).content.decode()
    assert "县十七届人大五次会议" in page
    assert "2026-09-02 17:00" in page
    assert "建议 12" in page
    assert "可以提交" in page


def test_refuses_a_deadline_outside_the_meeting_and_keeps_the_words(client_of, term):
    answer = send(client_of("congress"), term, MEETING, deadline_at="2026-09-06T17:00")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "截止" in page.split('name="closes_on"')[1].split("</form>")[0]
    assert 'value="2026-09-06T17:00"' in page
    assert 'value="5"' in page
    assert not Session.objects.exists()


def test_refuses_the_same_meeting_twice(client_of, term):
    send(client_of("congress"), term, MEETING)
    answer = send(client_of("congress"), term, MEETING)
    assert answer.status_code == 409
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"number": "五"}, {"opens_on": ""}, {"deadline_at": "0001-01-01T00:00"}, {"number": "0"}]
)
def test_names_a_field_that_cannot_be_read(client_of, term, wrong):
    answer = send(client_of("congress"), term, MEETING, **wrong)
    assert answer.status_code == 422
    assert "form-problem" in answer.content.decode()


def test_another_congress_is_out_of_reach(client_of, term, town):
    elsewhere = Place.objects.create(
        jurisdiction=town.jurisdiction, level="county", name="邻县", code="elsewhere", path="/elsewhere/"
    )
    other = Term.objects.create(
        jurisdiction=town.jurisdiction, place=elsewhere, number=3, from_on=date(2022, 1, 1)
    )
    answer = send(client_of("congress"), other, MEETING)
    assert answer.status_code == 422
    assert "邻县" not in answer.content.decode()
    assert not Session.objects.exists()


def test_announces_a_collection_that_the_home_page_then_offers(client_of, term):
    assert send(client_of("congress"), term, COLLECTION).status_code == 302
    collection = Collection.objects.get()
    assert [one.kind for one in history.entries_of("collection", collection.pk)] == ["collection_announced"]
    assert "征集中" in client_of("congress").get(reverse("sessions")).content.decode()
    assert "提民生实事项目" in Client().get(reverse("home")).content.decode()


def test_refuses_a_collection_of_less_than_thirty_days_beside_the_day(client_of, term):
    answer = send(client_of("congress"), term, COLLECTION, closes_on="2026-09-20")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "form-problem" in page.split('id="i-announce-closes_on"')[1]
    assert 'value="2027年民生实事项目征集"' in page
    assert not Collection.objects.exists()


@pytest.mark.parametrize("title", ["", "项" * 201])
def test_refuses_a_title_that_is_missing_or_too_long(client_of, term, title):
    answer = send(client_of("congress"), term, COLLECTION, title=title)
    assert answer.status_code == 422
    assert not Collection.objects.exists()


def test_a_term_is_named_as_the_office_writes_it(client_of, town, term):
    page = client_of("congress").get(reverse("sessions")).content.decode()
    assert "县十七届人大" in page
    assert "第17届" not in page


def test_what_is_numbered_is_named_in_the_readers_language(client_of, term):
    send(client_of("congress"), term, MEETING)
    Series.objects.create(session=Session.objects.get(), kind="suggestion", last=28)
    english = client_of("congress").get(reverse("sessions"), headers={"accept-language": "en"})
    assert "Suggestions 28" in english.content.decode()
