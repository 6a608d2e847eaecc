"""
收回: how what a step wrote is taken back.

Closed by default: a step can be recalled only if every field kind of its form stands here, with what must be remembered
before it writes and how that is restored. What told somebody outside, gave a number or counted a vote does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from huiyin.cases.deadlines import CONTACT, enqueue_marks
from huiyin.cases.models import (
    Assignment,
    Case,
    Clock,
    Completion,
    Contact,
    DraftAnswer,
    DraftReview,
    Extension,
    Fact,
    Milestone,
    Objection,
    ProgressNote,
    ReplyDraft,
    Task,
)
from huiyin.cases.recording import Act, Footing
from huiyin.engine import Step
from huiyin.files import services as files
from huiyin.forms.document import Document
from huiyin.notices import services as notices
from huiyin.rules import selectors as rules

#: The columns that an act may change and that come back with a recall; a case that was closed is not recalled.
COLUMNS = ("stage", "round", "restricted", "deputy_id", "profile_id")
#: so many steps at most are taken back together
MOST_HELD = 8
#: Parts of the matter's own text: signatures are bound to them, so a step that writes them is not recalled.
OWN_TEXT = frozenset({"title", "words"})


@dataclass(frozen=True)
class Undo:
    """What a field kind remembers before it writes, and how it takes back what it wrote."""

    remember: Callable[[Case], Any]
    restore: Callable[[Completion, Any], None]


def _nothing(case: Case) -> None:
    return None


def _leave(done: Completion, saved: Any) -> None:
    """The completion kept the answer, and goes with it."""


def _rows_of(model: type[Model], done: Completion) -> Any:
    return model._default_manager.filter(task=done.task_id, at=done.at, by=done.by_id)


def _delete(model: type[Model]) -> Callable[[Completion, Any], None]:
    return lambda done, saved: _rows_of(model, done).delete()


def _contact_clocks(case: Case) -> list[int]:
    waiting = Clock.objects.filter(case=case, rule__code__endswith=CONTACT, met_at=None, stopped_at=None)
    return list(waiting.values_list("pk", flat=True))


def _forget_contact(done: Completion, waiting: list[int]) -> None:
    """Nobody has said yet whether it took place: nobody is asked any more, and what waited for a contact waits again."""
    for clock in Clock.objects.filter(pk__in=waiting, met_at__isnull=False).select_related("rule"):
        clock.met_at = None
        clock.save(update_fields=["met_at"])
        enqueue_marks(clock, rules.calendar())
    marks = [str(pk) for pk in _rows_of(Contact, done).values_list("pk", flat=True)]
    notices.take_back(subject_kind="case", subject_id=done.case_id, kind="contact_to_confirm", marks=marks)
    _rows_of(Contact, done).delete()


def _forget_draft(done: Completion, saved: Any) -> None:
    DraftAnswer.objects.filter(draft__in=_rows_of(ReplyDraft, done)).delete()
    _rows_of(ReplyDraft, done).delete()


def _unissue(done: Completion, saved: Any) -> None:
    """签发 is taken back, or a return that was said at this step."""
    _rows_of(DraftReview, done).delete()
    newest = ReplyDraft.objects.filter(case=done.case_id, round=done.task.round).order_by("-version").first()
    if newest is not None:
        newest.document_number, newest.signed_by, newest.signed_on = "", "", None
        newest.save(update_fields=["document_number", "signed_by", "signed_on"])


def _milestones(case: Case) -> list[int]:
    return list(Milestone.objects.filter(case=case, done_on=None).values_list("pk", flat=True))


def _forget_progress(done: Completion, open_before: list[int]) -> None:
    """The note goes; its photos wait again to be sent, and a milestone that it reached is open again."""
    for note in _rows_of(ProgressNote, done):
        files.release(subject_kind="case", subject_id=done.case_id, part=f"note:{note.pk}", now=done.at)
    _rows_of(ProgressNote, done).delete()
    Milestone.objects.filter(pk__in=open_before).update(done_on=None)


def _assignments(case: Case) -> dict[str, Any]:
    """The round's assignments, and the tasks that hang on them: those that give way are deleted."""
    rows = Assignment.objects.filter(case=case, round=case.round)
    linked = Task.objects.filter(assignment__in=rows).values_list("pk", "assignment_id")
    columns = ("pk", "public_id", "unit_id", "part", "round", "handler_id", "assigned_at", "inside_due_on")
    return {
        "rows": [
            {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
            for row in rows.values(*columns)
        ],
        "tasks": [list(pair) for pair in linked],
    }


def _restore_assignments(done: Completion, saved: dict[str, Any]) -> None:
    rows = Assignment.objects.filter(case=done.case_id, round=done.task.round)
    rows.exclude(pk__in=[row["pk"] for row in saved["rows"]]).delete()
    # A round has one lead at any moment: all stand back before one steps forward.
    rows.update(part=Assignment.Part.CO)
    for row in sorted(saved["rows"], key=lambda row: row["part"] == Assignment.Part.LEAD):
        Assignment(case_id=done.case_id, **row).save()
    for task_id, assignment_id in saved["tasks"]:
        Task.objects.filter(pk=task_id).update(assignment=assignment_id)


UNDO: Mapping[str, Undo] = {
    "text": Undo(_nothing, _leave),
    "choice": Undo(_nothing, _leave),
    "date": Undo(_nothing, _leave),
    "place": Undo(_nothing, _leave),
    "deputy": Undo(_nothing, _leave),  # the case's column comes back with the others
    "receiver": Undo(_nothing, _leave),
    "handover": Undo(_nothing, _leave),
    "contact": Undo(_contact_clocks, _forget_contact),
    "extension": Undo(_nothing, _delete(Extension)),
    "objection": Undo(_nothing, _delete(Objection)),
    "review": Undo(_nothing, _delete(DraftReview)),
    "reply_draft": Undo(_nothing, _forget_draft),
    "issuing": Undo(_nothing, _unissue),
    "progress": Undo(_milestones, _forget_progress),
    "units": Undo(_assignments, _restore_assignments),
}


def is_recallable(document: Document) -> bool:
    """Whether everything that a form writes can be taken back."""
    return document.kinds <= set(UNDO) and not OWN_TEXT & set(document.fields)


def footings(
    act: Act, step: Step, state: bytes, document: Document, facts: Mapping[str, Any]
) -> list[Footing]:
    """
    What can be recalled once a step is done: the step itself, and before it those that `recall_until` still holds.

    Taken before the step writes. A step that is not recalled holds nothing: what stands on it does not come back.

    :param state: where the engine stands
    """
    task = act.task
    if task is None or not is_recallable(document) or act.case.closed_at is not None:
        return []
    undo = _remember(act.case, task, document, facts)
    undo["until"] = step.props.get("recall_until", "")
    return [*_held(act.case, task), Footing(state, undo)]


def _held(case: Case, task: Task) -> list[Footing]:
    """The steps before this one that can be taken back with it: nothing else has moved the case since the oldest."""
    undo: list[dict[str, Any]] = task.recall_undo  # type: ignore[attr-defined]
    stands: list[bytes] = task.recall_before  # type: ignore[attr-defined]
    if not undo or undo[0].get("until", "") in ("", task.step_id) or len(undo) >= MOST_HELD:
        return []
    if task.recall_revision != case.revision:  # type: ignore[attr-defined]
        return []
    return [Footing(bytes(before), one) for before, one in zip(stands, undo, strict=True)]


def _remember(case: Case, task: Task, document: Document, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a step must remember before it writes, as JSON."""
    known = (
        dict(Fact.objects.filter(case=case, name__in=list(facts)).values_list("name", "text"))
        if facts
        else {}
    )
    return {
        "task": task.pk,
        "columns": {name: getattr(case, name) for name in COLUMNS},
        "facts": {name: known.get(name) for name in facts},
        "kinds": {kind: UNDO[kind].remember(case) for kind in sorted(document.kinds)},
    }


def restore(done: Completion, case: Case, saved: Mapping[str, Any]) -> None:
    """Take back what a completion wrote, in the reverse of the order in which it was remembered."""
    for kind in reversed(list(saved["kinds"])):
        UNDO[kind].restore(done, saved["kinds"][kind])
    for name, text in saved["facts"].items():
        if text is None:
            Fact.objects.filter(case=case, name=name).delete()
        else:
            Fact.objects.filter(case=case, name=name).update(text=text)
    for name, value in saved["columns"].items():
        setattr(case, name, value)
