"""Which tasks of a list can be done together, and the one form for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.cases import runtime
from huiyin.cases.models import Task
from huiyin.core import ids
from huiyin.forms import rendering
from huiyin.forms.document import Document

#: The kind of a field that says that a step is done for many matters on one day.
TOGETHER = "handover"


@dataclass(frozen=True)
class Batch:
    """The one form, and which tasks are chosen."""

    form: rendering.FormView
    chosen: frozenset[str]
    key: str


def of(tasks: Iterable[Task], step: str, kept: Mapping[str, Any], *, all_chosen: bool) -> Batch | None:
    """
    A batch, if the list shows more than one task of one step and its form hands over.

    What a refused batch had typed is shown again, however few tasks are left.
    """
    rows = list(tasks)
    if not step or (len(rows) < 2 and not kept):
        return None
    documents = [runtime.document_of(row, row.case.definition_id) for row in rows]
    if not all(is_done_together(document) for document in documents):
        return None
    form = rendering.view(
        kept["document"] if kept else documents[0], values=kept.get("values"), problems=kept.get("problems")
    )
    chosen = [row.public_id for row in rows] if all_chosen and not kept else kept.get("chosen", [])
    return Batch(form=form, chosen=frozenset(chosen), key=kept.get("key") or ids.new_id())


def is_done_together(document: Document) -> bool:
    """Whether a form may be answered for many matters at once."""
    return TOGETHER in document.kinds
