"""Which tasks of a list can be done together, and the one form for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.cases import runtime, services
from huiyin.cases.models import Task
from huiyin.core import ids
from huiyin.forms import rendering
from huiyin.forms.document import Document
from huiyin.web import row_form

#: The kind of a field that says that a step is done for many matters on one day.
TOGETHER = "handover"


@dataclass(frozen=True)
class Batch:
    """The one form, and which tasks are chosen."""

    form: rendering.FormView
    chosen: frozenset[str]
    key: str
    #: the name of the address that takes it
    action: str
    #: how many the address finds on all its pages, where all of them are meant; else 0
    every: int = 0


def of(
    tasks: Iterable[Task], step: str, kept: Mapping[str, Any], *, all_chosen: bool, every: int
) -> Batch | None:
    """
    A batch, if the list shows more than one task of one step and its form hands over.

    What a refused batch had typed is shown again, however few tasks are left.

    :param every: how many all pages of the list have, where all of them are meant; else 0
    """
    rows = list(tasks)
    if not step or (len(rows) < 2 and not kept):
        return None
    document, action = _form_of(rows) if rows else (None, "tasks_together")
    document, action = kept.get("document", document), kept.get("action", action)
    if document is None:
        return None
    form = rendering.view(document, values=kept.get("values"), problems=kept.get("problems"))
    chosen = [row.public_id for row in rows] if all_chosen and not kept else kept.get("chosen", [])
    return Batch(
        form=form,
        chosen=frozenset(chosen),
        key=kept.get("key") or ids.new_id(),
        action=action,
        every=every if action == "tasks_together" else 0,
    )


def in_rows(tasks: Iterable[Task], step: str) -> bool:
    """Whether the list shows more than one task of one step, and they can be done as rows of a grid (批量办理)."""
    rows = list(tasks) if step else []
    fit = [row for row in rows if row_form.fits(runtime.document_of(row, row.case.definition_id))]
    return len(fit) > 1


def _form_of(rows: list[Task]) -> tuple[Document | None, str]:
    """The form for all of some tasks of one step, and where it is sent: the step's own, or the note of progress."""
    if all(is_done_together(runtime.document_of(row, row.case.definition_id)) for row in rows):
        return runtime.document_of(rows[0], rows[0].case.definition_id), "tasks_together"
    if all(services.takes_progress(row) for row in rows):
        return progress_form(rows[0]), "progress_together"
    return None, ""


def progress_form(task: Task) -> Document | None:
    """The form of a note of progress in the task's process."""
    return runtime.of(task.case.definition_id).documents.get("progress")


def is_done_together(document: Document) -> bool:
    """Whether a form may be answered for many matters at once."""
    return TOGETHER in document.kinds
