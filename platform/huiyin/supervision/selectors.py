"""What is late, why, and whose turn it is."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from huiyin.cases.models import Task
from huiyin.directory.actors import Actor
from huiyin.directory.addresses import leading_nowhere


def overdue(actor: Actor, today: date) -> QuerySet[Task]:
    """
    Open tasks past their due date, or for nobody (无人可办), in matters that the actor oversees, most overdue first.

    :raises NotYourAct: for someone who oversees nothing
    """
    actor.require("board.overdue")
    waiting = Task.objects.visible_to(actor).open().that_is_work()
    late = waiting.annotate(nobody=leading_nowhere(today)).filter(Q(due_on__lt=today) | Q(nobody=True))
    return late.select_related("case__place", "unit", "place", "person", "claimed_by").order_by(
        "due_on", "id"
    )


def overdue_by_unit(actor: Actor, today: date) -> list[tuple[str, int]]:
    """How many late tasks each unit has, most first; tasks that wait for offices or persons are counted under “—”."""
    rows = (
        overdue(actor, today)
        .order_by()
        .values("unit__name")
        .annotate(n=Count("id"))
        .order_by("-n", "unit__name")
    )
    return [(row["unit__name"] or "—", row["n"]) for row in rows]
