"""The options that a case's form offers: units, deputies."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import Case
from huiyin.directory import selectors as directory
from huiyin.directory.models import Unit
from huiyin.forms.rendering import Choices


def of_case(case: Case, today: date) -> dict[str, Choices]:
    """Options by field kind."""
    units = [
        (unit.public_id, unit.name)
        for unit in Unit.objects.that_handle()
        .filter(jurisdiction=case.jurisdiction_id)
        .order_by("pinyin", "id")
    ]
    deputies = [(person.public_id, person.name) for person in directory.deputies_of(case.place, today)]
    return {"units": units, "objection": units, "ruling": units, "deputy": deputies}
