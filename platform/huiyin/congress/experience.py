"""Who handled matters like these before, and how it went: what an office looks at when it chooses a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from huiyin.cases.models import Case, Clock, Rating
from huiyin.core import time_source
from huiyin.directory.actors import Actor

#: How many units are named, and among how many of the latest matters they are looked for.
UNITS, AMONG = 3, 40

# A matter with a title much like it (looked up in the index of titles), or of the same class, that was answered; and who led
# its last round.
_LED = """
    WITH near AS (
        SELECT mine.id AS mine_id, other.id AS other_id, true AS alike
        FROM cases_case mine JOIN cases_case other ON other.title %% mine.title
        WHERE mine.id = ANY(%s)
        UNION ALL
        SELECT own.case_id, known.case_id, false
        FROM congress_registration own
        JOIN congress_registration known ON known.kind = own.kind AND known.category = own.category
        WHERE own.case_id = ANY(%s)
    )
    SELECT mine_id, other_id, unit_id, unit_name FROM (
        SELECT mine.id AS mine_id, other.id AS other_id, unit.public_id AS unit_id, unit.name AS unit_name,
            row_number() OVER (PARTITION BY mine.id ORDER BY near.alike DESC, other.received_at DESC, other.id DESC) AS n
        FROM near
        JOIN cases_case mine ON mine.id = near.mine_id
        JOIN cases_case other ON other.id = near.other_id AND other.id <> mine.id AND NOT other.restricted
            AND other.jurisdiction_id = mine.jurisdiction_id AND other.kind = mine.kind
        JOIN cases_assignment part ON part.case_id = other.id AND part.part = 'lead' AND part.round = other.round
        JOIN directory_unit unit ON unit.id = part.unit_id
        WHERE EXISTS (SELECT 1 FROM cases_reply reply WHERE reply.case_id = other.id)
            AND other.id IN ({seen})
    ) found WHERE n <= {among} ORDER BY mine_id, n
"""


@dataclass(frozen=True)
class Handled:
    """A unit, the last matter like this one that it led, the rating of it, and by how many days it was late."""

    unit: str
    unit_id: str
    case: Case
    rating: str
    days_late: int | None

    @property
    def is_late(self) -> bool:
        """Whether the answer came after its day."""
        return bool(self.days_late)


def units_for(cases: Iterable[int], actor: Actor) -> dict[int, list[Handled]]:
    """Case -> the last three units that led matters like it, each with the latest of them; as far as the actor sees them."""
    seen, values = Case.objects.visible_to(actor).values("pk").query.sql_with_params()
    wanted = list(cases)
    with connection.cursor() as cursor:
        cursor.execute(_LED.format(seen=seen, among=AMONG), [wanted, wanted, *values])
        rows = cursor.fetchall()
    chosen: dict[int, dict[str, tuple[int, str]]] = {}
    for mine, other, unit, name in rows:
        units = chosen.setdefault(mine, {})
        if len(units) < UNITS:
            units.setdefault(unit, (other, name))
    last = {other for units in chosen.values() for other, _name in units.values()}
    known, ratings, late = _known(last, actor)
    return {
        mine: [
            Handled(name, unit, known[other], ratings.get(other, ""), late.get(other))
            for unit, (other, name) in units.items()
            if other in known
        ]
        for mine, units in chosen.items()
    }


def _known(cases: set[int], actor: Actor) -> tuple[dict[int, Case], dict[int, str], dict[int, int | None]]:
    """The matters, what was said of their last reply, and by how many days their answers were late."""
    known = {case.pk: case for case in Case.objects.visible_to(actor).filter(pk__in=cases)}
    ratings = {
        row.case_id: str(row.get_result_display())
        for row in Rating.objects.filter(case__in=cases).order_by("round", "rater")
    }
    answered = Clock.objects.filter(case__in=cases, rule__code__endswith=".answer", met_at__isnull=False)
    late = {
        clock.case_id: max(0, (time_source.day_of(clock.met_at) - clock.due_on).days) for clock in answered
    }
    return known, ratings, dict(late)
