"""Printed codes: signed, they lead to the form of their place; a foreign one says so kindly; staff print them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.directory.models import Place, Unit
from huiyin.notices.models import Notice
from huiyin.web import doors

WORDS = "单元门的门禁坏了半个月，谁都能进来，请物业尽快修好。"


@pytest.fixture
def grid(definition, town):
    return town.place


def scan(door: doors.Door, client: Client | None = None):
    return (client or Client()).get(reverse("scan", args=[doors.token_of(door)]))


def form_after(door: doors.Door) -> str:
    return Client().get(scan(door)["Location"]).content.decode()


def test_of_a_plate_opens_the_form_with_the_plate_filled_in(grid):
    answer = scan(doors.Door(grid.public_id, "3号楼2单元"))
    assert urlsplit(answer["Location"]).path == reverse("report", args=[grid.public_id])
    assert 'value="3号楼2单元"' in Client().get(answer["Location"]).content.decode()


def test_of_a_place_opens_the_form_with_its_deputies_to_choose_from(grid, town):
    page = form_after(doors.Door(grid.public_id))
    assert f'<option value="{town.actors["deputy"].person.public_id}">' in page
    without = Client().get(reverse("report", args=[grid.public_id])).content.decode()
    assert town.actors["deputy"].person.public_id not in without


def test_of_a_deputy_opens_the_form_with_the_deputy_chosen(grid, town):
    deputy = town.actors["deputy"].person
    page = form_after(doors.Door(grid.public_id, deputy=deputy.public_id))
    assert f'<option value="{deputy.public_id}" selected>' in page


def test_of_a_deputy_who_is_not_of_the_place_says_so_and_opens_the_form(grid, town):
    stranger = town.actors["office"].person
    page = form_after(doors.Door(grid.public_id, deputy=stranger.public_id))
    assert "您要找的这位代表现在不代表这个地点" in page
    assert "具体情况" in page


def test_of_a_county_leads_to_choosing_the_place_and_keeps_the_code(grid):
    county = grid.parent.parent
    door = doors.Door(county.public_id)
    answer = scan(door)
    assert urlsplit(answer["Location"]).path == reverse("choose_place_in", args=[county.public_id])
    assert "?code=" in Client().get(answer["Location"]).content.decode()


def test_makes_a_matter_that_came_by_code_and_tells_the_deputy(grid, town):
    deputy = town.actors["deputy"].person
    address = scan(doors.Door(grid.public_id, "3号楼2单元", deputy.public_id))["Location"]
    sent = {"key": "k", "category": "road", "words": WORDS, "where": "3号楼2单元", "deputy": deputy.public_id}
    assert Client().post(address, sent).status_code == 302
    case = Case.objects.get()
    assert (case.source, case.deputy) == ("code", deputy)
    assert Notice.objects.filter(person=deputy, kind="addressed").count() == 1


def test_refuses_a_deputy_of_elsewhere_beside_the_field_and_keeps_the_words(grid, town):
    address = reverse("report", args=[grid.public_id])
    stranger = town.actors["office"].person.public_id
    answer = Client().post(address, {"key": "k", "category": "road", "words": WORDS, "deputy": stranger})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="p-deputy"' in page
    assert WORDS in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1] + ("1" if text.endswith("0") else "0"),
        lambda text: "x" + text,
        lambda text: "abc",
    ],
)
def test_that_was_changed_says_that_it_is_not_ours_and_how_to_go_on(grid, spoil):
    token = doors.token_of(doors.Door(grid.public_id, "3号楼2单元"))
    answer = Client().get(reverse("scan", args=[spoil(token)]))
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "这不是我们的码" in page
    assert reverse("choose_place") in page


def test_of_another_installation_is_not_ours(grid, settings):
    foreign = doors.token_of(doors.Door(grid.public_id))
    settings.FIELD_KEYS = ["another-key-of-another-county-altogether"]
    assert Client().get(reverse("scan", args=[foreign])).status_code == 404


def test_outlives_a_change_of_keys_in_which_new_ones_go_first(grid, settings):
    printed = doors.token_of(doors.Door(grid.public_id))
    settings.FIELD_KEYS = ["a-new-key", *settings.FIELD_KEYS]
    assert Client().get(reverse("scan", args=[printed])).status_code == 302


def test_of_a_place_that_is_gone_says_that_it_is_not_in_use(definition):
    assert scan(doors.Door("nowhere234567892")).status_code == 404


def test_are_printed_with_the_station_s_telephone(grid, client_of):
    Unit.objects.filter(kind=Unit.Kind.STATION).update(telephone="0570-1234567")
    answer = client_of("office").post(
        reverse("door_sheet"),
        {"place": grid.public_id, "plates": "1号楼\n2号楼\n\n", "of": [f"place:{grid.public_id}"]},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<svg") == 3
    assert "1号楼" in page
    assert "0570-1234567" in page
    assert "<script" not in page


def test_are_offered_for_the_deputies_of_the_place_and_the_places_in_it(grid, client_of):
    page = client_of("station").get(reverse("door_codes"), {"place": grid.parent.public_id}).content.decode()
    assert "deputy:" in page
    assert f"place:{grid.public_id}" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请至少选择一种码"),
        ({"plates": "很" * 41}, "门牌文字最多 40 个字"),
        ({"plates": "\n".join(f"{n}号楼" for n in range(200))}, "一次最多打印 120 张"),
    ],
)
def test_are_refused_in_a_sentence_with_the_words_kept(grid, client_of, sent, sentence):
    answer = client_of("office").post(reverse("door_sheet"), {"place": grid.public_id, **sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert sent.get("plates", "") in page


def test_are_not_printed_by_others_nor_for_places_of_others(grid, town, client_of):
    assert client_of("a").get(reverse("door_codes")).status_code == 403
    assert client_of("a").post(reverse("door_sheet"), {"place": grid.public_id}).status_code == 403
    assert reverse("door_codes") not in client_of("a").get(reverse("tasks")).content.decode()
    assert reverse("door_codes") in client_of("office").get(reverse("tasks")).content.decode()
    elsewhere = Place.objects.exclude(path__startswith=grid.parent.path).first()
    gone = client_of("office").get(reverse("door_codes"), {"place": elsewhere.public_id})
    assert gone.status_code == 404
