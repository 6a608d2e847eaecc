"""拟办意见: the units that would rather have another unit do it, for those who hand over and assign after them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from huiyin.cases.models import Completion

#: The field with which a unit answers a proposal, the answer that names another unit, and the field of its words.
OPINION, OTHER, WORDS = "opinion", "other", "words_on_it"


def of(cases: Iterable[int]) -> dict[int, list[str]]:
    """Case -> a sentence for each unit that is against doing it, by its last word; cases without any are left out."""
    said = Completion.objects.filter(case__in=list(cases), answers__has_key=OPINION, task__unit__isnull=False)
    last = {(row.case_id, row.task.unit_id): row for row in said.select_related("task__unit").order_by("at")}
    found: dict[int, list[str]] = {}
    for (case_id, _unit_id), row in last.items():
        if row.answers[OPINION] == OTHER and row.task.unit is not None:
            about = {"unit": row.task.unit.name, "words": row.answers.get(WORDS, "")}
            found.setdefault(case_id, []).append(_("%(unit)s建议由其他单位承办：%(words)s") % about)
    return found
