"""To whom a matter was handed over, as a paper for the one who asked tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyin.cases import runtime
from huiyin.cases.models import Assignment, Case, Task
from huiyin.cases.present.task import whose_turn
from huiyin.core import time_source
from huiyin.forms.kinds import REPLYING


@dataclass(frozen=True)
class HandedTo:
    """A unit with its part (主办、协办), or the deputy or station that answers."""

    who: str
    part: str
    on: date
    telephone: str = ""


def handed_to(case: Case) -> tuple[HandedTo, ...]:
    """The units of the present round, lead first; without any, whoever is to answer now; nobody before the hand-over."""
    parts = (
        Assignment.objects.filter(case=case, round=case.round).select_related("unit").order_by("-part", "id")
    )
    found = tuple(
        HandedTo(
            part.unit.name,
            part.get_part_display(),
            time_source.day_of(part.assigned_at),
            part.unit.telephone,
        )
        for part in parts
    )
    return found or tuple(
        HandedTo(whose_turn(task), "", time_source.day_of(task.opened_at))
        for task in Task.objects.open().filter(case=case).with_what_rows_show()
        if runtime.document_of(task, case.definition_id).kinds & REPLYING
    )
