"""What is shown to anyone starts from what its role may see."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Assignment, Case, Clock, Task
from huiyin.directory import actors
from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Jurisdiction, Person, Place, Post, Unit
from huiyin.directory.roles import Role
from tests.directory.conftest import MORNING


def assign(county, case: Case, unit: str) -> None:
    Assignment.objects.create(case=case, unit=county.units[unit], part="lead", round=1, assigned_at=MORNING)


#: who, in which role, where, in which unit; whether the matter of 石棠镇 that 道路局 handles is seen
PEOPLE = [
    ("the town's own office", Role.CONGRESS_OFFICE, "t1", "congress-t1", True),
    ("the other town's office", Role.CONGRESS_OFFICE, "t2", "congress-t2", False),
    ("the county's office", Role.CONGRESS_OFFICE, "c", "congress", True),
    ("the town's station", Role.STATION, "t1", "station-t1", True),
    ("the other town's station", Role.STATION, "t2", "station-t2", False),
    ("the county's government", Role.GOVERNMENT_OFFICE, "c", "government", True),
    ("the supervisor", Role.SUPERVISOR, "c", "congress", True),
    ("the unit's head", Role.UNIT_HEAD, "c", "roads", True),
    ("a handler of the unit", Role.HANDLER, "c", "roads", True),
    ("a handler of its section", Role.HANDLER, "c", "roads-1", True),
    ("a handler of another unit", Role.HANDLER, "c", "water", False),
    ("a deputy who does not follow it", Role.DEPUTY, "t1", "", False),
    ("a village deputy", Role.VILLAGE_DEPUTY, "t1v", "", False),
    ("the designer", Role.DESIGNER, "c", "congress", False),
    ("the administrator", Role.ADMIN, "c", "congress", False),
]
#: A restricted matter is seen by these alone, besides the one who asked.
SEES_RESTRICTED = {"the town's own office", "the county's office"}


@pytest.mark.parametrize(("who", "role", "place", "unit", "seen"), PEOPLE, ids=[row[0] for row in PEOPLE])
def test_a_matter_is_seen_by_its_offices_units_and_those_above(county, matter, who, role, place, unit, seen):
    assign(county, matter, "roads")
    actor = county.hire(who, role, place, unit)
    for found in (
        Case.objects.visible_to(actor),
        Task.objects.visible_to(actor),
        Clock.objects.visible_to(actor),
        Assignment.objects.visible_to(actor),
    ):
        assert found.exists() is seen
    Case.objects.update(restricted=True)
    assert Case.objects.visible_to(actor).exists() is (who in SEES_RESTRICTED)
    assert Clock.objects.visible_to(actor).exists() is (who in SEES_RESTRICTED)


def test_the_public_sees_nothing(matter):
    assert not Case.objects.visible_to(PUBLIC)
    assert not Task.objects.visible_to(PUBLIC)
    assert not Clock.objects.visible_to(PUBLIC)


def test_the_asker_sees_ones_own_matter_also_a_restricted_one(county, matter):
    asker = actors.reporter(matter.reporter)
    other = actors.reporter(Person.objects.create(jurisdiction=county.jurisdiction, name="王**"))
    Case.objects.update(restricted=True)
    assert Case.objects.visible_to(asker).get() == matter
    assert not Case.objects.visible_to(other)


def test_the_deputy_who_follows_sees_it_unless_it_is_restricted(county, matter):
    deputy, other = county.hire("林代表", Role.DEPUTY, "t1"), county.hire("周代表", Role.DEPUTY, "t1")
    Case.objects.update(deputy=deputy.person)
    assert Case.objects.visible_to(deputy).exists()
    assert not Case.objects.visible_to(other).exists()
    Case.objects.update(restricted=True)
    assert not Case.objects.visible_to(deputy).exists()


def test_a_task_is_seen_by_the_one_it_waits_for_although_the_matter_is_not(county, matter):
    stranger = county.hire("林代表", Role.DEPUTY, "t2")
    Task.objects.filter(case=matter).update(role="", place=None, person=stranger.person)
    assert Task.objects.visible_to(stranger).exists()
    assert not Case.objects.visible_to(stranger).exists()


def test_a_handler_does_not_see_a_matter_any_more_after_it_went_to_another_unit(county, matter):
    assign(county, matter, "roads")
    handler = county.hire("周见山", Role.HANDLER, "c", "roads-1")
    assert Case.objects.visible_to(handler).exists()
    Assignment.objects.update(unit=county.units["water"])
    assert not Case.objects.visible_to(handler).exists()


def test_a_place_whose_code_begins_alike_is_another_place(county, matter):
    """「/c/t1/」 must not match 「/c/t10/」: paths are closed by slashes."""
    twin = Place.objects.create(
        jurisdiction=county.jurisdiction, parent=county.places["c"], level="town", code="t", name="短镇",
        full_name="短镇", pinyin="d", path="/c/t/",
    )  # fmt: skip
    county.places["t"] = twin
    assert not Case.objects.visible_to(
        county.hire("短镇办", Role.CONGRESS_OFFICE, "t", "congress-t2")
    ).exists()


def test_an_office_of_another_jurisdiction_sees_nothing(county, matter):
    other = Jurisdiction.objects.create(code="other", name="别县")
    place = Place.objects.create(
        jurisdiction=other, level="county", code="x", name="别县", full_name="别县", pinyin="b", path="/x/"
    )
    unit = Unit.objects.create(
        jurisdiction=other,
        place=place,
        kind=Unit.Kind.CONGRESS_OFFICE,
        code="xo",
        name="别县人大",
        pinyin="b",
    )
    person = Person.objects.create(jurisdiction=other, name="别人")
    Post.objects.create(
        person=person, role=Role.CONGRESS_OFFICE, place=place, unit=unit, from_on="2020-01-01"
    )
    assert not Case.objects.visible_to(actors.actor_of(person, MORNING.date())).exists()


def test_people_are_seen_by_their_office_and_citizens_by_themselves(county, matter):
    lin = county.actor("林知行").person
    citizen, asker = matter.reporter, actors.reporter(matter.reporter)
    assert set(Person.objects.visible_to(PUBLIC)) == {lin}
    assert set(Person.objects.visible_to(asker)) == {lin, citizen}
    assert set(Person.objects.visible_to(county.actor("林知行"))) == {lin}


def test_somebody_with_two_posts_is_one_person(county):
    county.hire("林知行", Role.DEPUTY, "t1")
    county.hire("林知行", Role.STATION, "t1", "station-t1")
    assert Person.objects.visible_to(PUBLIC).count() == 1


@pytest.mark.parametrize("model", [Place, Unit, Post])
def test_places_units_and_posts_are_public(county, matter, model):
    assert model.objects.visible_to(PUBLIC).count() == model.objects.count() > 0
