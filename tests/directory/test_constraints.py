"""The database guards what must never be false; a constraint's name is the sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, models, transaction

from huiyin.cases.models import Assignment, Case, Task
from huiyin.directory.models import Delegation, Person, Place, Post, Term, Unit
from huiyin.directory.roles import Role
from tests.directory.conftest import BEGIN, MORNING, TODAY


def refused(name: str, act) -> bool:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()
    return True


def test_a_post_is_given_once(county):
    county.hire("林知行", Role.DEPUTY, "t1")
    assert refused("a_post_is_given_once", lambda: county.hire("林知行", Role.DEPUTY, "t1"))
    county.hire("林知行", Role.DEPUTY, "t2")


def test_a_post_ends_after_it_begins(county):
    assert refused(
        "a_post_ends_after_it_begins", lambda: county.hire("林知行", Role.DEPUTY, "t1", until=BEGIN)
    )


@pytest.mark.parametrize("role", list(Role))
def test_deputies_belong_to_no_unit_and_all_others_do(county, role):
    deputy = role in (Role.DEPUTY, Role.VILLAGE_DEPUTY)
    wrong, right = ("roads", "") if deputy else ("", "roads")
    assert refused(
        "deputies_belong_to_no_unit_and_all_others_do", lambda: county.hire("林知行", role, "t1", wrong)
    )
    assert county.hire("周见山", role, "t1", right).roles == {role}


def test_a_delegation_ends_after_it_begins(county):
    county.hire("林知行", Role.DEPUTY, "t1")
    other = Person.objects.create(jurisdiction=county.jurisdiction, name="高山")
    assert refused(
        "a_delegation_ends_after_it_begins",
        lambda: Delegation.objects.create(post=county.post("林知行"), to=other, from_on=TODAY, to_on=TODAY),
    )


def test_a_section_and_only_a_section_belongs_to_a_unit(county):
    name = "a_section_and_only_a_section_belongs_to_a_unit"
    assert refused(name, lambda: Unit.objects.filter(code="roads-1").update(parent=None))
    assert refused(name, lambda: Unit.objects.filter(code="water").update(parent=county.units["roads"]))


def test_a_place_path_is_closed_by_slashes(county):
    for path in ("c/t9/", "/c/t9"):
        assert refused(
            "place_path_is_closed_by_slashes",
            lambda path=path: Place.objects.filter(code="t1").update(path=path),
        )


def test_a_term_has_its_own_number_and_ends_after_it_begins(county):
    def term(**change):
        fields = {"number": 17, "from_on": date(2022, 1, 15), "to_on": date(2027, 1, 15), **change}
        return Term.objects.create(jurisdiction=county.jurisdiction, place=county.places["c"], **fields)

    term()
    assert refused("a_term_has_its_own_number", term)
    assert refused(
        "a_term_ends_after_it_begins",
        lambda: term(number=18, from_on=date(2027, 1, 15), to_on=date(2027, 1, 15)),
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a_closed_case_has_an_outcome", {"closed_at": MORNING}),
        ("a_closed_case_has_an_outcome", {"outcome": "answered"}),
        ("a_case_that_ended_is_closed", {"ended_at": MORNING}),
        ("rounds_count_from_one", {"round": 0}),
        ("a_case_is_not_merged_into_itself", {"merged_into": models.F("id")}),
    ],
)
def test_guards_a_case(matter, name, change):
    assert refused(name, lambda: Case.objects.update(**change))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a_task_is_open_until_it_closes", {"closed_at": MORNING}),
        ("a_task_is_open_until_it_closes", {"status": "done"}),
        ("a_task_waits_at_one_address", {"place": None}),
    ],
)
def test_guards_a_task(matter, name, change):
    assert refused(name, lambda: Task.objects.update(**change))


def test_a_task_does_not_wait_at_two_addresses(county, matter):
    assert refused("a_task_waits_at_one_address", lambda: Task.objects.update(unit=county.units["roads"]))


def test_a_round_has_one_lead_and_a_unit_one_part(county, matter):
    def assign(unit: str, part: str) -> None:
        Assignment.objects.create(
            case=matter, unit=county.units[unit], part=part, round=1, assigned_at=MORNING
        )

    assign("roads", "lead")
    assert refused("a_round_has_one_lead_unit", lambda: assign("water", "lead"))
    assert refused("a_unit_is_assigned_once_a_round", lambda: assign("roads", "co"))
    assign("water", "co")


def test_what_others_point_to_is_not_deleted(county, matter):
    for row in (county.places["t1"], matter.reporter, county.units["congress-t1"], county.jurisdiction):
        with pytest.raises(models.ProtectedError):
            row.delete()
    assert Post.objects.exists()
