"""The options that a case's form offers: units, deputies, asks, milestones, and what other packages add."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from huiyin.cases.models import Case
from huiyin.directory import selectors as directory
from huiyin.directory.models import Unit
from huiyin.forms.rendering import Choices

#: Further sources, by packages above this one (co-signing, ballots); a later one overrides the kinds it names.
sources: list[Callable[[Case, date], Mapping[str, Choices]]] = []


def choices_of(case: Case, today: date) -> dict[str, Choices]:
    """(id or number, text) of every option, by field kind."""
    units = units_of(case.jurisdiction_id)
    deputies = [(person.public_id, person.name) for person in directory.deputies_of(case.place, today)]
    others = [found for found in deputies if found[0] != case.reporter.public_id]
    asks = list(case.asks.values_list("number", "text"))
    plan = list(case.milestones.values_list("number", "name"))
    found: dict[str, Choices] = {
        **dict.fromkeys(("units", "receiver", "objection", "ruling"), units),
        **dict.fromkeys(("reply_draft", "rating", "split"), asks),
        **dict.fromkeys(("progress", "visit"), plan),
        "deputy": deputies,
        "invitations": others,
    }
    for source in sources:
        found |= source(case, today)
    return found


def units_of(jurisdiction_id: int) -> list[tuple[str, str]]:
    """(id, name) of the units of a jurisdiction that handle matters."""
    handling = Unit.objects.that_handle().filter(jurisdiction=jurisdiction_id).order_by("pinyin", "id")
    return [(unit.public_id, unit.name) for unit in handling]
