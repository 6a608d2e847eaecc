"""An address says whom a task waits for; it is resolved to a unit, a place or a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huiyin.directory import addresses
from huiyin.directory.addresses import Address, NobodyThere, Surroundings, Target, UnknownAddress
from huiyin.directory.roles import Role
from tests.directory.conftest import TODAY

VALID = {
    "congress_office@place": Address("place", Role.CONGRESS_OFFICE),
    "station@place": Address("place", Role.STATION),
    "deputy@place": Address("place", Role.DEPUTY),
    "congress_office@place not completer(screen)": Address(
        "place", Role.CONGRESS_OFFICE, other_than="screen"
    ),
    "unit(assignment)": Address("unit", None, "assignment"),
    "unit(lead)": Address("unit", None, "lead"),
    "unit_head@unit(assignment)": Address("unit", Role.UNIT_HEAD, "assignment"),
    "handler@unit(lead)": Address("unit", Role.HANDLER, "lead"),
    "reporter": Address("person", None, "reporter"),
    "mover": Address("person", None, "mover"),
    "deputy": Address("person", None, "deputy"),
    "completer(work)": Address("completer", None, "work"),
    "completer(Task_1x)": Address("completer", None, "Task_1x"),
    "  reporter  ": Address("person", None, "reporter"),
}


@pytest.mark.parametrize("text", VALID)
def test_parses(text):
    assert addresses.parse(text) == VALID[text]


@pytest.mark.parametrize(
    "text",
    [
        "", "nobody", "place", "@place", "mayor@place", "station@", "station@town", "unit", "unit()", "unit(best)",
        "mayor@unit(lead)", "@unit(lead)", "reporter@place", "completer", "completer()", "completer(a b)", "completer(1)",
        "unit(lead) or reporter", "Station@place", "station@place; reporter", "completer(work))",
        "station@place not", "station@place not completer()", "station@place not reporter", "unit(lead) not completer(work)",
        "not completer(work)",
    ],
)  # fmt: skip
def test_refuses_what_is_not_in_the_grammar(text):
    with pytest.raises(UnknownAddress) as refused:
        addresses.parse(text)
    assert f"“{text}”" in refused.value.sentence
    assert refused.value.status == 422


def around(county, place: str = "t1g", **more) -> Surroundings:
    known = {"people": {}, "units": {}, "completers": {}, **more}
    return Surroundings(place=county.places[place], **known)


def test_finds_the_nearest_place_with_such_a_post(county):
    county.hire("周明远", Role.CONGRESS_OFFICE, "c", "congress")
    assert addresses.resolve("congress_office@place", around(county)).place_id == county.places["c"].pk
    county.hire("林知行", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    assert addresses.resolve("congress_office@place", around(county)) == Target(
        role="congress_office", place_id=county.places["t1"].pk
    )
    assert addresses.resolve("congress_office@place", around(county, "t2g")).place_id == county.places["c"].pk


def test_does_not_look_beside_or_below(county):
    county.hire("林知行", Role.STATION, "t2", "station-t2")
    for place in ("t1g", "t1", "c"):
        with pytest.raises(NobodyThere) as refused:
            addresses.resolve("station@place", around(county, place))
        assert "station@place" in refused.value.sentence
    assert addresses.resolve("station@place", around(county, "t2g")).place_id == county.places["t2"].pk


def test_passes_by_a_place_where_the_post_has_ended(county):
    county.hire("周明远", Role.CONGRESS_OFFICE, "c", "congress")
    county.hire("林知行", Role.CONGRESS_OFFICE, "t1", "congress-t1", until=TODAY - timedelta(days=400))
    assert (
        addresses.resolve("congress_office@place", around(county, on=TODAY)).place_id == county.places["c"].pk
    )


def test_another_person_looks_where_somebody_else_holds_the_post(county):
    text = "congress_office@place not completer(screen)"
    county.hire("周明远", Role.CONGRESS_OFFICE, "c", "congress")
    lin = county.hire("林知行", Role.CONGRESS_OFFICE, "t1", "congress-t1").person
    given = around(county, completers={"screen": lin.pk})
    assert addresses.resolve(text, given) == Target(
        role="congress_office", place_id=county.places["c"].pk, not_person_id=lin.pk
    )
    county.hire("沈清越", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    assert addresses.resolve(text, given).place_id == county.places["t1"].pk
    assert addresses.resolve(text, around(county)) == Target(
        role="congress_office", place_id=county.places["t1"].pk
    ), "where nobody has done the step, nobody is left out"


def test_where_there_is_no_other_it_waits_until_there_is_one(county):
    lin = county.hire("林知行", Role.CONGRESS_OFFICE, "c", "congress").person
    found = addresses.resolve(
        "congress_office@place not completer(screen)", around(county, completers={"screen": lin.pk})
    )
    assert found.place_id == county.places["c"].pk
    assert addresses.people_led_to(found, TODAY) == []


def test_who_is_left_out_is_reached_neither_in_person_nor_through_a_stand_in(county):
    lin = county.hire("林知行", Role.CONGRESS_OFFICE, "c", "congress")
    target = Target(role="congress_office", place_id=county.places["c"].pk, not_person_id=lin.person.pk)
    zhou = county.hire("周明远", Role.CONGRESS_OFFICE, "c", "congress")
    assert addresses.post_that_fits(lin, target) is None
    assert addresses.post_that_fits(zhou, target)
    covering = replace(zhou, held=(replace(zhou.held[0], on_behalf_of=lin.person),))
    assert addresses.post_that_fits(covering, target) is None


def test_resolves_units_and_people(county):
    given = around(
        county, people={"reporter": 1, "mover": 2, "deputy": 3}, units={"assignment": 4, "lead": 5}, completers={"work": 6}
    )  # fmt: skip
    assert addresses.resolve("reporter", given) == Target(person_id=1)
    assert addresses.resolve("mover", given) == Target(person_id=2)
    assert addresses.resolve("deputy", given) == Target(person_id=3)
    assert addresses.resolve("unit(assignment)", given) == Target(unit_id=4)
    assert addresses.resolve("unit_head@unit(lead)", given) == Target(role="unit_head", unit_id=5)
    assert addresses.resolve("completer(work)", given) == Target(person_id=6)


@pytest.mark.parametrize(
    "text", ["reporter", "deputy", "unit(lead)", "handler@unit(assignment)", "completer(work)"]
)
def test_says_that_nobody_is_there(county, text):
    given = around(county, people={"deputy": None})
    with pytest.raises(NobodyThere) as refused:
        addresses.resolve(text, given)
    assert refused.value.status == 409


def test_leads_to_those_who_hold_the_post(county):
    lin = county.hire("林知行", Role.CONGRESS_OFFICE, "t1", "congress-t1")
    here = Target(role="congress_office", place_id=county.places["t1"].pk)
    there = Target(role="congress_office", place_id=county.places["t2"].pk)
    assert addresses.post_that_fits(lin, here)
    assert addresses.post_that_fits(lin, there) is None
    assert addresses.post_that_fits(lin, Target(role="station", place_id=county.places["t1"].pk)) is None


def test_a_unit_is_reached_through_its_own_people_and_its_sections(county):
    to_roads = Target(unit_id=county.units["roads"].pk)
    section = county.hire("周见山", Role.HANDLER, "c", "roads-1")
    head = county.hire("沈清越", Role.UNIT_HEAD, "c", "roads")
    stranger = county.hire("吕书言", Role.HANDLER, "c", "water")
    clerk = county.hire("何启明", Role.CONGRESS_OFFICE, "c", "roads")
    assert addresses.post_that_fits(section, to_roads)
    assert addresses.post_that_fits(head, to_roads)
    assert addresses.post_that_fits(stranger, to_roads) is None
    assert addresses.post_that_fits(clerk, to_roads) is None
    only_head = Target(role="unit_head", unit_id=county.units["roads"].pk)
    assert addresses.post_that_fits(head, only_head)
    assert addresses.post_that_fits(section, only_head) is None


def test_a_person_is_reached_alone(county):
    lin = county.hire("林知行", Role.DEPUTY, "t1")
    assert addresses.post_that_fits(lin, Target(person_id=lin.person.pk)) == "self"
    assert addresses.post_that_fits(lin, Target(person_id=lin.person.pk + 1)) is None
