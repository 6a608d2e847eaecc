"""拟办意见: the units that would rather have another unit do it, for those who hand over and assign after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.cases.models import Completion

#: The field with which a unit answers a proposal, the answer that names another unit, and the field of its words.
OPINION, OTHER, WORDS = "opinion", "other", "words_on_it"


@dataclass(frozen=True)
class Dissent:
    """A unit and what it says."""

    unit: str
    words: str


def of(cases: Iterable[int]) -> dict[int, list[Dissent]]:
    """Case -> what units say against doing it, each by its last word; cases without any are left out."""
    said = Completion.objects.filter(case__in=list(cases), answers__has_key=OPINION, task__unit__isnull=False)
    last = {(row.case_id, row.task.unit_id): row for row in said.select_related("task__unit").order_by("at")}
    found: dict[int, list[Dissent]] = {}
    for (case_id, _unit), row in last.items():
        if row.answers[OPINION] == OTHER and row.task.unit is not None:
            found.setdefault(case_id, []).append(Dissent(row.task.unit.name, row.answers.get(WORDS, "")))
    return found
