"""重点督办 as it is shown: the list with where each matter stands, and what the reader may do about one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, Q, QuerySet

from huiyin.cases import runtime
from huiyin.cases.models import Assignment, Case, Task
from huiyin.cases.present.badges import Badge, due_badge, status_badge
from huiyin.congress.models import Ballot, KeyCase
from huiyin.directory.actors import Actor
from huiyin.forms.document import in_language
from huiyin.supervision import projects

#: What the list can be narrowed to.
STATES = {
    "open": Q(delisted_on=None, reported_on=None),
    "reported": Q(reported_on__isnull=False),
}


@dataclass(frozen=True)
class KeyRow:
    """A key matter in the list: where it stands, who leads the work, when its next step is due."""

    key: KeyCase
    stage: str
    status: Badge
    unit: str
    due: Badge | None
    light: projects.Light | None


@dataclass(frozen=True)
class KeyView:
    """A case on the key list as its page shows it; without a row it is not on the list."""

    row: KeyCase | None
    may_list: bool
    may_plan: bool
    may_report: bool
    may_delist: bool


def key_view(case: Case, actor: Actor) -> KeyView:
    """What the key list says of a case that the caller found through `visible_to(actor)`, and what the actor may add."""
    row = KeyCase.objects.visible_to(actor).standing().filter(case=case).first()
    lists, oversees = actor.may("case.list_key", case.place), actor.may("case.oversee_key", case.place)
    waits = row is not None and row.reported_on is None
    return KeyView(
        row=row,
        may_list=lists and row is None and case.closed_at is None,
        may_plan=oversees and waits,
        may_report=oversees and waits and row is not None and row.plan_on is not None,
        may_delist=lists and waits,
    )


def in_state(seen: QuerySet[KeyCase], state: str) -> QuerySet[KeyCase]:
    """Of the key matters that an actor sees, the last decided first; an unknown state shows all, also what was taken off."""
    found = seen.filter(STATES.get(state, Q()))
    return found.select_related("case__place", "case__definition").order_by("-listed_on", "-id")


def rows_of(page: Iterable[KeyCase], actor: Actor, today: date) -> list[KeyRow]:
    """Rows of the list; a fixed number of queries however many there are."""
    keys = list(page)
    cases = [key.case_id for key in keys]
    units = _lead_units(cases, actor)
    tasks = Task.objects.visible_to(actor).open().that_is_work().filter(case__in=cases).order_by()
    due = dict(tasks.values_list("case").annotate(Min("due_on")))
    lights = _lights(keys, actor, today)
    return [
        KeyRow(
            key=key,
            stage=_stage(key.case),
            status=status_badge(key.case),
            unit=units.get(key.case_id, ""),
            due=due_badge(due.get(key.case_id), today),
            light=lights.get(key.case_id),
        )
        for key in keys
    ]


def _lead_units(cases: list[int], actor: Actor) -> dict[int, str]:
    """Case -> who leads it in its newest round."""
    parts = Assignment.objects.visible_to(actor).filter(case__in=cases, part=Assignment.Part.LEAD)
    return dict(parts.order_by("round").values_list("case", "unit__name"))


def _stage(case: Case) -> str:
    """The stage in the reader's language; a closed matter has its status instead."""
    marks = runtime.of(case.definition_id).stages
    found = next((mark for mark in marks if mark["id"] == case.stage), None)
    return in_language(found) if found and case.closed_at is None else ""


def _lights(keys: list[KeyCase], actor: Actor, today: date) -> dict[int, projects.Light]:
    """The lights of livelihood projects among them; other matters have none."""
    some = [key.case_id for key in keys if key.case.kind == projects.KIND]
    if not some:
        return {}
    seen = Case.objects.visible_to(actor).filter(pk__in=some)
    ballots = Ballot.objects.visible_to(actor)
    return {view.case.pk: view.light for view in projects.views_of(seen, ballots, today)}
