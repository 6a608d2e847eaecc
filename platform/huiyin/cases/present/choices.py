"""The options that a case's form offers: units and deputies."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import Case
from huiyin.directory import selectors as directory
from huiyin.directory.models import Unit
from huiyin.forms.rendering import Choices


def choices_of(case: Case, today: date) -> dict[str, Choices]:
    """(id, name) of every option, by field kind."""
    handling = Unit.objects.that_handle().filter(jurisdiction=case.jurisdiction_id).order_by("pinyin", "id")
    units = [(unit.public_id, unit.name) for unit in handling]
    deputies = [(person.public_id, person.name) for person in directory.deputies_of(case.place, today)]
    return {"units": units, "objection": units, "ruling": units, "deputy": deputies}
