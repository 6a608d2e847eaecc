"""Find my deputies: every level of a place, nearest first, with the station; one is addressed by a tap."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.directory.models import Person, Place, Post, Term, Unit
from huiyin.directory.roles import Role
from huiyin.lifecycle.sandbox import BEGIN


@pytest.fixture
def people(definition, town):
    """A 村民代表, a deputy of the township (there already), and one of the county."""
    county = town.place.parent.parent

    def hire(name, role, place, term=None):
        person = Person.objects.create(jurisdiction=town.jurisdiction, name=name, pinyin=name)
        Post.objects.create(person=person, role=role, place=place, term=term, from_on=BEGIN)
        return person

    return {
        "village": hire("俞立春", Role.VILLAGE_DEPUTY, town.place),
        "county": hire("章采薇", Role.DEPUTY, town.place.parent, Term.objects.get(place=county)),
    }


def page_of(place) -> str:
    return Client().get(reverse("deputies_in", args=[place.public_id])).content.decode()


def test_are_shown_of_every_level_nearest_first(people, town):
    page = page_of(town.place)
    order = [page.index(text) for text in ("试跑网格村民代表", "试跑镇人大代表", "试跑县人大代表")]
    assert order == sorted(order)
    assert "俞立春" in page
    assert "章采薇" in page


def test_are_addressed_by_a_link_that_opens_the_form_with_the_deputy_chosen(people, town):
    address = f"{reverse('report', args=[town.place.public_id])}?deputy={people['village'].public_id}"
    assert address in page_of(town.place)
    form = Client().get(address).content.decode()
    assert f'<option value="{people["village"].public_id}" selected>俞立春（村民代表）' in form


def test_are_not_in_the_way_of_a_form_that_asks_for_none(people, town):
    form = Client().get(reverse("report", args=[town.place.public_id])).content.decode()
    assert 'name="deputy"' not in form
    assert reverse("deputies_in", args=[town.place.public_id]) in form


def test_may_be_taken_out_of_the_form_again(people, town):
    from huiyin.cases.models import Case

    address = f"{reverse('report', args=[town.place.public_id])}?deputy={people['county'].public_id}"
    words = "公交站没有雨棚，下雨天老人孩子淋雨，请加装。"
    assert (
        Client().post(address, {"key": "k", "category": "road", "words": words, "deputy": ""}).status_code
        == 302
    )
    assert Case.objects.get().deputy is None


def test_come_with_the_station_s_telephone(people, town):
    Unit.objects.filter(kind=Unit.Kind.STATION).update(place=town.place.parent, telephone="0570-7654321")
    assert "拨打 0570-7654321" in page_of(town.place)


def test_are_found_by_walking_down_from_the_county(people, town):
    page = Client().get(reverse("deputies")).content.decode()
    assert reverse("deputies_in", args=[town.place.parent.public_id]) in page
    assert "您住在哪里？" in page
    assert "向这位代表反映" not in page


def test_that_are_unknown_leave_a_way_to_report(definition, town):
    Post.objects.filter(role=Role.DEPUTY).update(to_on="2020-01-01")
    page = page_of(town.place)
    assert "这里还没有登记代表" in page
    assert reverse("report", args=[town.place.public_id]) in page


def test_are_asked_of_a_county_without_places_in_a_sentence(db):
    Place.objects.all().delete()
    assert "这里还没有登记地点" in Client().get(reverse("deputies")).content.decode()


def test_of_a_trial_county_are_shown_to_nobody(people, town):
    town.jurisdiction.is_trial = True
    town.jurisdiction.save()
    assert Client().get(reverse("deputies_in", args=[town.place.public_id])).status_code == 404
