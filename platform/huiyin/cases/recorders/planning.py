"""The recorder of a project's plan."""

from __future__ import annotations

from typing import Any

from huiyin.cases import errors
from huiyin.cases.models import Milestone
from huiyin.cases.recording import Act, recorder
from huiyin.forms.document import Field


@recorder("milestones")
def plan(act: Act, field: Field, value: list[dict[str, Any]]) -> None:
    """
    Write the plan in place of the one before, while nothing of it was reached.

    :raises PlanBegun: if a milestone was reached, or one that would go was reported on or visited
    """
    planned = Milestone.objects.filter(case=act.case)
    surplus = planned.filter(number__gt=len(value))
    reported = surplus.filter(notes__isnull=False) | surplus.filter(visits__isnull=False)
    if planned.filter(done_on__isnull=False).exists() or reported.exists():
        raise errors.PlanBegun
    surplus.delete()
    for number, row in enumerate(value, 1):
        Milestone.objects.update_or_create(case=act.case, number=number, defaults=row)
    act.say("milestones_planned", count=len(value), last=max(row["planned_on"] for row in value))
