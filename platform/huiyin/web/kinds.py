"""The kinds of matters that a list holds, to choose one from, by their names in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.models import Case
from huiyin.definitions.models import Definition


def kinds_of(found: QuerySet[Case]) -> dict[str, str]:
    """The kinds among cases."""
    return _named(Definition.objects.filter(Exists(found.filter(kind=OuterRef("process")))))


def kinds_at(counted: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The kinds among tasks that were counted by step: the counting has read them all, and need not be done twice."""
    return _named(Definition.objects.filter(pk__in={row["case__definition_id"] for row in counted}))


def _named(definitions: QuerySet[Definition]) -> dict[str, str]:
    """By process, the name that its newest version has."""
    newest = definitions.order_by("process", "-version").distinct("process")
    return {row.process: row.local_name for row in newest}
