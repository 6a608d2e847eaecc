"""One project's public page: its reports with photos, visits, the reply and what was measured; never a citizen's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.cases import runtime
from huiyin.cases.models import Case, ProgressNote, Reply, Visit
from huiyin.files.models import Attachment


@dataclass(frozen=True)
class Measured:
    """What a meeting's members said of a finished project, counted by hand."""

    round: int
    at: datetime
    members: int
    satisfied: int
    basic: int
    dissatisfied: int
    abstained: int


@dataclass(frozen=True)
class Story:
    """What was done, seen, answered and measured, oldest first."""

    notes: tuple[tuple[ProgressNote, tuple[Attachment, ...]], ...]
    visits: tuple[Visit, ...]
    replies: tuple[Reply, ...]
    measured: tuple[Measured, ...]


def photos_of(case: Case) -> QuerySet[Attachment]:
    """The photos of a project's progress notes; whatever else hangs on the case is not public."""
    committed = Attachment.objects.filter(
        subject_kind="case", subject_id=case.pk, kind=Attachment.Kind.PHOTO, committed_at__isnull=False
    )
    return committed.filter(part__startswith="note:").order_by("id")


def story_of(case: Case) -> Story:
    """What the public reads of a project; the caller has found the case through what is public."""
    photos: dict[str, list[Attachment]] = {}
    for one in photos_of(case):
        photos.setdefault(one.part, []).append(one)
    notes = case.progressnote_rows.select_related("unit", "milestone")
    return Story(
        notes=tuple((note, tuple(photos.get(f"note:{note.pk}", []))) for note in notes),
        visits=tuple(case.visit_rows.select_related("milestone")),
        replies=tuple(case.reply_rows.select_related("unit")),
        measured=tuple(_measured(case)),
    )


def _measured(case: Case) -> list[Measured]:
    """The answers of the field kind `tally`, whatever the form calls the field."""
    found = []
    for done in case.completions.select_related("task").order_by("at"):
        for name, field in runtime.document_of(done.task, case.definition_id).fields.items():
            if field.kind.name == "tally" and name in done.answers:
                found.append(_tally(done.task.round, done.at, done.answers[name]))
    return found


def _tally(number: int, at: datetime, value: Mapping[str, Any]) -> Measured:
    names = ("members", "satisfied", "basic", "dissatisfied", "abstained")
    return Measured(round=number, at=at, **{name: int(value[name]) for name in names})
