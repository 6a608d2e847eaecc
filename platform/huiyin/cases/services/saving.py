"""暂存: keep what a person has typed and not sent, so that a closed window costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from huiyin.cases import runtime
from huiyin.cases.models import Task, Unsent
from huiyin.cases.services.complete import check_task, without_uploads
from huiyin.core import errors
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person

#: What was begun and not touched for so long is forgotten.
FORGOTTEN = timedelta(days=180)


class KeptElsewhere(errors.Conflict):
    """
    You have kept other words for this form in another window. What stands here is not kept: send it, or copy it and open the
    form anew.
    """


@transaction.atomic
def keep_unsent(
    *,
    task: Task,
    answers: Mapping[str, Any],
    by: Actor,
    now: datetime,
    seen: str | None = None,
    form: str = "",
) -> Unsent:
    """
    Keep answers that may be incomplete; the case is not told, so there is no entry of it. Uploads are not kept.

    :param form: the form beside the task that they are for; empty for the task's own
    :param seen: the version of what the window had before it, "" for nothing; None to keep these whatever stands
    :raises KeptElsewhere: if another window of the same person has kept other words since
    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises TakenByAnother: if a colleague has claimed it
    """
    locked = Task.objects.select_for_update(of=("self",)).select_related("case", "claimed_by").get(pk=task.pk)
    check_task(locked, by, None)
    run = runtime.of(locked.case.definition_id)
    document = run.documents[form] if form else runtime.document_of(locked, locked.case.definition_id)
    return _keep(locked, form, without_uploads(document, answers), by, now, seen)


@transaction.atomic
def keep_begun(
    *,
    definition: Definition,
    answers: Mapping[str, Any],
    about: Mapping[str, Any],
    by: Actor,
    now: datetime,
    seen: str | None = None,
) -> Unsent:
    """
    Keep what a person has typed into the first form of a process, before there is a case.

    :param about: what stands beside the form, such as the matters from which is drafted
    :param seen: as in :func:`keep_unsent`
    :raises KeptElsewhere: if another window of the same person has kept other words since
    """
    if by.person is not None:
        Person.objects.select_for_update().get(pk=by.person.pk)
    words = {"answers": without_uploads(runtime.of(definition.pk).first_form, answers), **about}
    return _keep(None, definition.process, words, by, now, seen)


def _keep(
    task: Task | None, form: str, words: Mapping[str, Any], by: Actor, now: datetime, seen: str | None
) -> Unsent:
    known = Unsent.objects.filter(task=task, form=form, person=by.person).first()
    if seen is not None and known is not None and known.version != seen and known.words != words:
        raise KeptElsewhere
    kept, _made = Unsent.objects.update_or_create(
        task=task, form=form, person=by.person, defaults={"words": words, "saved_at": now}
    )
    return kept


def drop_unsent(*, task: Task, by: Actor, form: str = "") -> None:
    """Forget what a person had kept: it was sent, or is not wanted any more."""
    Unsent.objects.filter(task=task, form=form, person=by.person).delete()


def drop_begun(*, process: str, by: Actor) -> None:
    """Forget what a person had kept of the first form of a process."""
    Unsent.objects.filter(task=None, form=process, person=by.person).delete()


def sweep_unsent(now: datetime) -> int:
    """Forget what was kept for tasks that are done meanwhile, and what was begun long ago; returns how many."""
    done = Unsent.objects.filter(task__isnull=False).exclude(task__status=Task.Status.OPEN)
    begun = Unsent.objects.filter(task=None, saved_at__lt=now - FORGOTTEN)
    return done.delete()[0] + begun.delete()[0]
