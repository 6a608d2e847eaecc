"""The kinds of matters that a list holds, to choose one from."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.models import Case
from huiyin.definitions.models import Definition


def kinds_of(found: QuerySet[Case]) -> dict[str, str]:
    """The kinds among the cases by their names in the reader's language, the newest version's."""
    some = Exists(found.filter(kind=OuterRef("process")))
    newest = Definition.objects.filter(some).order_by("process", "-version").distinct("process")
    return {row.process: row.name for row in newest}
