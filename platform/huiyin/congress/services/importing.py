"""导入: look at a file's suggestions, then enter the good ones as papers of their movers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import services as cases
from huiyin.cases import texts
from huiyin.cases.models import Case, Task
from huiyin.congress import errors, understanding
from huiyin.congress.models import ImportRow, SuggestionImport
from huiyin.congress.reading import Read
from huiyin.congress.services.transcribing import enter_signatures
from huiyin.core import errors as refusals
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person, Place
from huiyin.history import services as history
from huiyin.history.services import Line
from huiyin.jobs import services as jobs

SUBMITTED = {"next": "submit", "signatures": {"confirmed": True}}


@transaction.atomic
def prepare_import(
    *,
    definition: Definition,
    place: Place,
    name: str,
    found: Sequence[Read],
    received_on: date,
    by: Actor,
    now: datetime,
) -> SuggestionImport:
    """
    Understand what a file says and keep it to be looked at; no matter is entered.

    :param received_on: the day of the rows that name none
    :raises NotYourAct: if the actor may not enter deputies' papers at the place
    :raises NothingInFile: if it says nothing
    """
    by.require("case.transcribe_deputy", place)
    if not found or by.person is None:
        raise errors.NothingInFile
    # Locked first: one that another window starts at this moment is asked again whether it has begun, and stays.
    left = SuggestionImport.objects.select_for_update().filter(by=by.person, started_at=None)
    SuggestionImport.objects.filter(pk__in=list(left.values_list("pk", flat=True))).delete()
    batch = SuggestionImport.objects.create(
        jurisdiction_id=place.jurisdiction_id, place=place, definition=definition, name=name[:200],
        by=by.person, at=now,
    )  # fmt: skip
    reader = understanding.Reader(definition, place, time_source.day_of(now), received_on)
    rows = [reader.row(one) for one in found]
    understanding.mark_known(rows)
    for row in rows:
        row.batch, row.done_at = batch, now if row.case else None
    ImportRow.objects.bulk_create(rows)
    return batch


@transaction.atomic
def start_import(*, batch: SuggestionImport, by: Actor, now: datetime) -> int:
    """
    Enter the rows that nothing is wrong with, each as a job of its own; returns how many.

    :raises NotYourAct: if the actor may not enter deputies' papers at the place
    :raises ImportStarted: if it has begun
    :raises NothingToImport: if no row can be entered
    """
    by.require("case.transcribe_deputy", batch.place)
    locked = SuggestionImport.objects.select_for_update().get(pk=batch.pk)
    if locked.started_at is not None:
        raise errors.ImportStarted
    rows = list(locked.rows.to_do().values_list("pk", flat=True))
    if not rows or by.person is None:
        raise errors.NothingToImport
    locked.started_at, locked.started_by = now, by.person
    locked.save(update_fields=["started_at", "started_by"])
    line = Line("import_started", {"name": locked.name, "count": len(rows)})
    history.record(subject_kind="import", subject_id=locked.pk, lines=[line], by_id=by.person.pk, at=now)
    jobs.enqueue(
        *(
            jobs.Work(
                kind="congress.import_row", subject_kind="import", subject_id=locked.pk,
                key=f"import_row:{pk}", due_at=now, args={"row_id": pk},
            )
            for pk in rows
        )
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def discard_import(*, batch: SuggestionImport, by: Actor) -> None:
    """
    Forget a file that was only looked at.

    :raises NotYourAct: if the actor may not enter deputies' papers at the place
    :raises ImportStarted: if its suggestions are being entered
    """
    by.require("case.transcribe_deputy", batch.place)
    locked = SuggestionImport.objects.select_for_update().get(pk=batch.pk)
    if locked.started_at is not None:
        raise errors.ImportStarted
    locked.delete()


@transaction.atomic
def import_row(*, row: ImportRow, now: datetime) -> ImportRow:
    """
    Enter one row as its mover's paper: text, signatures, submission; whole, or not at all with a sentence that says why.

    Done twice, it enters nothing twice.
    """
    locked = (
        ImportRow.objects.select_for_update(of=("self",))
        .select_related("batch__definition", "batch__place", "mover")
        .get(pk=row.pk)
    )
    if locked.done_at is not None or locked.problems:
        return locked
    try:
        with transaction.atomic():
            locked.case, locked.is_new = _enter(locked, now)
    except refusals.Refusal as refusal:
        said = list(getattr(refusal, "problems", {}).values())
        locked.case, locked.is_new = None, False
        locked.error = _("；").join(said) or refusal.sentence
    locked.done_at = now
    locked.save(update_fields=["case", "is_new", "error", "done_at"])
    return locked


def _enter(row: ImportRow, now: datetime) -> tuple[Case, bool]:
    """The case of a row, and whether the row made it."""
    batch = row.batch
    known = Case.objects.filter(source_key=row.key).first()
    if known is not None:
        return known, False
    office = actor_of(batch.started_by or batch.by, time_source.day_of(now))
    sheet = {"transcription": _sheet(row, now)}
    case = cases.start_case(
        definition=batch.definition, answers=row.answers, place=batch.place, now=now, by=office,
        asker=row.mover, source=Case.Source.IMPORT, source_key=row.key, transcription=sheet,
    )  # fmt: skip
    signers = list(Person.objects.filter(pk__in=row.cosigner_ids))
    if signers:
        enter_signatures(
            case=case,
            people=signers,
            transcription=sheet,
            by=office,
            now=now,
            seen_hash=texts.text_hash(case),
        )
    task = Task.objects.open().select_related("case").get(case=case, person=row.mover)
    cases.complete_task(
        task=task, answers=SUBMITTED, by=office, now=now, key=row.key[:64], transcription=sheet
    )
    return case, True


def _sheet(row: ImportRow, now: datetime) -> dict[str, Any]:
    """The row stands for the scan: which file it was, and where in it."""
    where = _("第 %(n)s 行") % {"n": row.number} if not row.source else row.source
    note = _("由文件“%(name)s”导入（%(where)s）") % {"name": row.batch.name, "where": where}
    on = row.received_on or time_source.day_of(now)
    return {"way": "file", "on": on.isoformat(), "note": note[:500]}
