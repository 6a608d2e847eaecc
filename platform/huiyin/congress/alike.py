"""疑似重复: which matters of a kind say much the same, by the trigrams of their titles and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from huiyin.cases.models import Case
from huiyin.congress.models import CasePair
from huiyin.directory.actors import Actor

#: From which likeness on two are shown, how many of them, and how much of a text is compared.
ALIKE, MOST, LETTERS = 0.45, 5, 400
#: What was not accepted or was taken back is no duplicate of anything.
_OVER = ("declined", "withdrawn", "converted")

# One statement for all rows of a page. The title weighs as much as the text: offices copy texts and change titles, and the
# other way round.
_LIKELY = """
    SELECT mine.id, other.id, (similarity(mine.title, other.title)
        + similarity(left(text.words, {letters}), left(other_text.words, {letters}))) / 2 AS alike
    FROM cases_case mine
    JOIN cases_casetext text ON text.case_id = mine.id
    JOIN cases_case other ON other.jurisdiction_id = mine.jurisdiction_id AND other.kind = mine.kind
        AND other.id <> mine.id AND NOT other.restricted AND NOT other.outcome = ANY(%s)
        AND other.merged_into_id IS DISTINCT FROM mine.id AND other.title %% mine.title
    JOIN cases_casetext other_text ON other_text.case_id = other.id
    WHERE mine.id = ANY(%s) AND other.id IN ({seen})
        AND NOT EXISTS (SELECT 1 FROM congress_casepair pair WHERE pair.verdict = 'different'
            AND pair.first_id = least(mine.id, other.id) AND pair.second_id = greatest(mine.id, other.id))
    ORDER BY mine.id, alike DESC, other.id
"""


@dataclass(frozen=True)
class Likely:
    """A matter that says much the same, how much so, and whether it is linked already."""

    case: Case
    percent: int
    linked: bool


def counts(cases: Iterable[int], actor: Actor) -> dict[int, int]:
    """Case -> how many matters that the actor sees say much the same, as far as they are shown."""
    return {case_id: min(len(found), MOST) for case_id, found in _likely(list(cases), actor).items()}


def likely(case: Case, actor: Actor) -> list[Likely]:
    """The matters that say much the same as one, the likest first; those linked to it are among them."""
    found = dict(_likely([case.pk], actor).get(case.pk, [])[:MOST])
    pairs = CasePair.objects.visible_to(actor).filter(Q(first=case) | Q(second=case), verdict="linked")
    linked = {pair.second_id if pair.first_id == case.pk else pair.first_id for pair in pairs}
    seen = Case.objects.visible_to(actor).filter(pk__in={*found, *linked})
    rows = seen.select_related("text", "reporter", "place").prefetch_related("asks")
    one = [Likely(row, round(100 * found.get(row.pk, 0)), row.pk in linked) for row in rows]
    return sorted(one, key=lambda row: (-row.percent, row.case.pk))


def _likely(cases: list[int], actor: Actor) -> dict[int, list[tuple[int, float]]]:
    seen, values = Case.objects.visible_to(actor).values("pk").query.sql_with_params()
    statement = _LIKELY.format(letters=LETTERS, seen=seen)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(_OVER), cases, *values])
        rows = cursor.fetchall()
    found: dict[int, list[tuple[int, float]]] = {}
    for mine, other, alike in rows:
        if alike >= ALIKE:
            found.setdefault(mine, []).append((other, alike))
    return found
