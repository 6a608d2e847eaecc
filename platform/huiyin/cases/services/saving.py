"""暂存: keep what a person has typed and not sent, so that a closed window costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases import runtime
from huiyin.cases.models import Task, Unsent
from huiyin.cases.services.complete import check_task, without_uploads
from huiyin.core import errors
from huiyin.directory.actors import Actor


class KeptElsewhere(errors.Conflict):
    """
    You have kept other words for this task in another window. What stands here is not kept: send it, or copy it and open the
    task anew.
    """


@transaction.atomic
def keep_unsent(
    *, task: Task, answers: Mapping[str, Any], by: Actor, now: datetime, seen: str | None = None
) -> Unsent:
    """
    Keep answers that may be incomplete; the case is not told, so there is no entry of it. Uploads are not kept.

    :param seen: the version of what the window had before it, "" for nothing; None to keep these whatever stands
    :raises KeptElsewhere: if another window of the same person has kept other words since
    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises TakenByAnother: if a colleague has claimed it
    """
    locked = Task.objects.select_for_update(of=("self",)).select_related("case", "claimed_by").get(pk=task.pk)
    check_task(locked, by, None)
    words = without_uploads(runtime.document_of(locked, locked.case.definition_id), answers)
    known = Unsent.objects.filter(task=locked, person=by.person).first()
    if seen is not None and known is not None and known.version != seen and known.words != words:
        raise KeptElsewhere
    kept, _made = Unsent.objects.update_or_create(
        task=locked, person=by.person, defaults={"words": words, "saved_at": now}
    )
    return kept


def drop_unsent(*, task: Task, by: Actor) -> None:
    """Forget what a person had kept: it was sent, or is not wanted any more."""
    Unsent.objects.filter(task=task, person=by.person).delete()


def sweep_unsent() -> int:
    """Forget what was kept for tasks that are done meanwhile, by others or through the API; returns how many."""
    gone, _rows = Unsent.objects.exclude(task__status=Task.Status.OPEN).delete()
    return gone
