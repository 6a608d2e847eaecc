"""What a row of a grid is offered before the person types; whoever decides may take it or leave it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from huiyin.cases.models import Completion, Fact, Task
from huiyin.cases.present.recalls import taken_back
from huiyin.congress import experience
from huiyin.congress.importing import stated_categories
from huiyin.directory.actors import Actor
from huiyin.forms.document import Document

#: The kind of a field in which one office proposes a unit to the next, and the kind of the field that assigns.
RECEIVER, UNITS = "receiver", "units"
#: The fact that an office corrects where the one who asked chose another.
CATEGORY = "category"


def offered(tasks: Sequence[Task], document: Document, actor: Actor) -> dict[int, dict[str, Any]]:
    """Task -> what is proposed for it, and above that what was taken back."""
    found = proposals(tasks, document, actor)
    for task_id, recalls in taken_back(tasks).items():
        for recall in recalls:
            found[task_id].update(recall.answers)
    return found


def proposals(tasks: Sequence[Task], document: Document, actor: Actor) -> dict[int, dict[str, Any]]:
    """Task -> the class that the file or the asker says, the unit that last handled such a matter, or the unit proposed."""
    found: dict[int, dict[str, Any]] = {task.pk: {} for task in tasks}
    cases = {task.case_id: task.pk for task in tasks}
    if register := _field(document, "register"):
        for case_id, category in stated_categories(cases).items():
            found[cases[case_id]][register] = {"category": category}
    if CATEGORY in document.fields:
        for fact in Fact.objects.filter(case__in=cases, name=CATEGORY):
            found[cases[fact.case_id]][CATEGORY] = fact.text
    if receiver := _field(document, RECEIVER):
        for case_id, units in experience.units_for(cases, actor).items():
            if units:
                found[cases[case_id]][receiver] = units[0].unit_id
    if units_field := _field(document, UNITS):
        for case_id, unit_id in proposed(cases).items():
            found[cases[case_id]][units_field] = {"lead": unit_id}
    return found


def proposed(cases: Iterable[int]) -> dict[int, str]:
    """Case -> the unit that the screening office proposed (public id)."""
    said = Completion.objects.filter(case__in=list(cases), answers__has_key=RECEIVER).order_by("at")
    return dict(said.values_list("case_id", f"answers__{RECEIVER}"))


def _field(document: Document, kind: str) -> str:
    return next((one.name for one in document.fields.values() if one.kind.name == kind), "")
