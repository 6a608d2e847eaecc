"""故障 as the operator sees them: which matter, which step, what failed, and what can be done about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.models import Case, Task
from huiyin.jobs.models import Incident


@dataclass(frozen=True)
class IncidentRow:
    """An open incident; `facts` are what the diagram decides by, as JSON, empty for work that is of no case."""

    incident: Incident
    number: str = ""
    process: str = ""
    step: str = ""
    #: the act's step is no longer open: it was done in the end, or the matter went another way
    moved_on: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


def incident_rows(incidents: Iterable[Incident]) -> list[IncidentRow]:
    """The rows of some incidents; a matter is named by its number alone, its words are not the operator's."""
    found = list(incidents)
    ids = [one.subject_id for one in found if one.subject_kind == "case"]
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids).select_related("definition", "state")}
    waiting = set(Task.objects.open().filter(case__in=ids).values_list("case_id", "step_id"))
    return [_row(one, cases.get(one.subject_id), waiting) for one in found]


def _row(incident: Incident, case: Case | None, waiting: set[tuple[int, str]]) -> IncidentRow:
    if incident.subject_kind != "case" or case is None:
        return IncidentRow(incident)
    process = runtime.of(case.definition_id).process
    step = process.steps.get(incident.step_id)
    known = engine.look(process, bytes(case.state.state)).data
    return IncidentRow(
        incident=incident,
        number=case.number,
        process=str(case.definition),
        step=step.name if step else "",
        moved_on=bool(step) and (case.pk, incident.step_id) not in waiting,
        facts={name: json.dumps(value, ensure_ascii=False) for name, value in sorted(known.items())},
    )
