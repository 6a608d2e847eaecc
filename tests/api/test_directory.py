"""Places and units."""

from __future__ import annotations

import pytest

from tests.api.conftest import is_problem
from tests.api.test_list_tasks import walk


def test_places_go_down_the_tree(stranger, town):
    shown = walk(stranger, "/places/", page_size=2)
    assert [place["name"] for place in shown] == ["试跑县", "试跑镇", "试跑网格"]
    assert [place["parent"] for place in shown] == [None, shown[0]["id"], shown[1]["id"]]


def test_places_are_found_below_one(stranger, town):
    middle = town.place.parent
    assert [place["name"] for place in walk(stranger, "/places/", under=middle.public_id)] == [
        "试跑镇",
        "试跑网格",
    ]
    assert [place["name"] for place in walk(stranger, "/places/", parent=middle.public_id)] == ["试跑网格"]
    assert [place["name"] for place in walk(stranger, "/places/", level="grid")] == ["试跑网格"]
    assert [place["name"] for place in walk(stranger, "/places/", q="镇")] == ["试跑镇"]


def test_a_place_is_read_by_its_id(stranger, town):
    assert stranger.read(f"/places/{town.place.public_id}/").json()["code"] == town.place.code
    assert is_problem(stranger.read("/places/nowhere/"), 404, "not_found")


def test_units_go_by_name(stranger, town):
    shown = walk(stranger, "/units/", page_size=2)
    assert [unit["name"] for unit in shown] == ["a局", "b局", "c局", "县府办", "代表工委", "联络站"]


def test_units_are_narrowed_by_what_they_do(stranger, town):
    assert [unit["name"] for unit in walk(stranger, "/units/", handles=True)] == ["a局", "b局", "c局"]
    assert [unit["name"] for unit in walk(stranger, "/units/", handles=False)] == [
        "县府办",
        "代表工委",
        "联络站",
    ]
    assert [unit["name"] for unit in walk(stranger, "/units/", kind="station")] == ["联络站"]
    assert [unit["name"] for unit in walk(stranger, "/units/", q="b局")] == ["b局"]
    assert walk(stranger, "/units/", place=town.place.public_id) == []


def test_refuses_a_kind_of_unit_that_is_not_there(stranger, town):
    assert is_problem(stranger.read("/units/", kind="club"), 422, "invalid")


@pytest.mark.parametrize("path", ["places", "units", "definitions", "cases", "tasks"])
def test_nothing_is_shown_to_someone_unknown(anyone, path):
    answer = anyone.get(f"/api/v1/{path}/")
    assert is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_nothing_is_changed_through_the_api(office, town, method):
    answer = getattr(office, method)(f"/api/v1/places/{town.place.public_id}/", {})
    assert is_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer["Allow"]
