"""批量办理: do one step of many matters with one form in the background, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import runtime
from huiyin.cases.models import Batch, BatchRow, Task
from huiyin.cases.services.complete import complete_task
from huiyin.core import errors as refusals
from huiyin.core import time_source
from huiyin.directory.actors import Actor, actor_of
from huiyin.forms import answers as forms
from huiyin.jobs import services as jobs

#: Tasks of one batch.
MOST_IN_BATCH = 1000


class NothingToDo(refusals.Invalid):
    """No matter was chosen. Tick what you want to do first."""


class TooManyTogether(refusals.Invalid):
    """At most %(most)s matters are done in one go. Narrow the list down first."""


@transaction.atomic
def start_batch(
    *, tasks: Sequence[Task], answers: Mapping[str, Any], by: Actor, now: datetime, key: str
) -> Batch:
    """
    Let the answers complete every task, each as a job of its own; the same key again starts nothing.

    Who may is asked of each task when its turn comes.

    :param tasks: with their cases
    :raises forms.AnswersRejected: if the answers do not fit the form of the first
    :raises NothingToDo: without a task
    :raises TooManyTogether: of more than `MOST_IN_BATCH`
    """
    if not tasks or by.person is None:
        raise NothingToDo
    if len(tasks) > MOST_IN_BATCH:
        raise TooManyTogether(most=MOST_IN_BATCH)
    forms.check(runtime.document_of(tasks[0], tasks[0].case.definition_id), answers)
    batch, is_new = Batch.objects.get_or_create(
        by=by.person, key=key, defaults={"at": now, "name": tasks[0].name, "answers": dict(answers)}
    )
    if is_new:
        rows = BatchRow.objects.bulk_create(BatchRow(batch=batch, task=task) for task in tasks)
        jobs.enqueue(
            *(
                jobs.Work(
                    kind="cases.batch_row", subject_kind="batch", subject_id=batch.pk,
                    key=f"batch_row:{row.pk}", due_at=now, args={"row_id": row.pk},
                )
                for row in rows
            )
        )  # fmt: skip
    return batch


@transaction.atomic
def do_batch_row(*, row: BatchRow, now: datetime) -> BatchRow:
    """Complete one task of a batch as the person who started it, or keep the sentence that refused it; safe to run twice."""
    locked = (
        BatchRow.objects.select_for_update(of=("self",)).select_related("batch__by", "task").get(pk=row.pk)
    )
    if locked.done_at is not None:
        return locked
    batch = locked.batch
    by = actor_of(batch.by, time_source.day_of(now))
    try:
        complete_task(task=locked.task, answers=batch.answers, by=by, now=now, key=batch.key)
    except refusals.Refusal as refusal:
        said = list(getattr(refusal, "problems", {}).values())
        locked.error = _("；").join(said) or refusal.sentence
    locked.done_at = now
    locked.save(update_fields=["error", "done_at"])
    return locked
