"""收回: take back what one has just sent, until the next person acts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases import errors, runtime, undoing
from huiyin.cases.deadlines import enqueue_marks, group_of
from huiyin.cases.models import Case, CaseState, Clock, Completion, Recall, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.directory import addresses
from huiyin.directory.actors import Actor
from huiyin.history import selectors as history
from huiyin.jobs import services as jobs
from huiyin.notices import services as notices


@transaction.atomic
def recall_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """
    收回: open a step again that one has just done; the engine, the clocks and the rows stand as before it.

    The words go into a :class:`Recall` and wait in the form. Both acts stay in the history.

    :raises NotYours: if somebody else did it, or the person's post has ended
    :raises CannotRecall: if the step told somebody outside, gave a number or closed the case
    :raises RecalledTooLate: if somebody has acted since, or the case has gone on by itself
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.get(pk=task.pk)
    state, done = CaseState.objects.get(case=case), _done(locked, by)
    if not undoing.is_recallable(runtime.document_of(locked, case.definition_id)):
        raise errors.CannotRecall
    if state.undo is None or not _is_last(case, state, done):
        raise errors.RecalledTooLate
    act = Act(case, by, now, task=locked)
    _close_what_it_opened(act, done)
    _run_its_clocks_again(act, done)
    undoing.restore(done, case, state.undo)
    case.revision += 1
    case.save(update_fields=[*undoing.COLUMNS, "revision"])
    CaseState.objects.filter(case=case).update(
        state=state.before, revision=case.revision, before=None, undo=None
    )
    Recall.objects.create(
        case=case, task=locked, round=locked.round, by=act.person, at=now,
        done_at=done.at, answers=done.answers, sealed=done.sealed,
    )  # fmt: skip
    done.delete()
    locked.status, locked.closed_at, locked.revision = Task.Status.OPEN, None, locked.revision + 1
    locked.save(update_fields=["status", "closed_at", "revision"])
    act.say("task_recalled", task=locked.name, step=locked.step_id)
    locking.finish(act)
    return locked


def recallable(case: Case, by: Actor) -> Task | None:
    """The task that an actor may take back now, if there is one; :func:`recall_task` looks again under the lock."""
    state = CaseState.objects.filter(case=case).first()
    if state is None or state.undo is None:
        return None
    task = Task.objects.get(pk=state.undo["task"])
    try:
        done = _done(task, by)
    except errors.NotYours:
        return None
    return task if _is_last(case, state, done) else None


def _done(task: Task, by: Actor) -> Completion:
    """The actor's own completion of a task that still leads to the actor."""
    done = Completion.objects.select_related("task").filter(task=task, by=by.person).first()
    if done is None or addresses.post_that_fits(by, task.target) is None:
        raise errors.NotYours
    return done


def _is_last(case: Case, state: CaseState, done: Completion) -> bool:
    """Whether the completion is the last thing that moved the case, and the last that a person did to it."""
    if state.undo is None or state.undo["task"] != done.task_id or state.revision != case.revision:
        return False
    return history.last_of_a_person("case", case.pk) == (done.by_id, done.at)


def _close_what_it_opened(act: Act, done: Completion) -> None:
    """Nobody has acted on them: they leave no trace but the history's."""
    opened = Task.objects.filter(case=act.case, opened_at=done.at, status=Task.Status.OPEN)
    ids, keys = list(opened.values_list("pk", flat=True)), list(opened.values_list("key", flat=True))
    begun = Clock.objects.filter(case=act.case, started_at=done.at)
    groups = [f"task:{pk}" for pk in ids] + [
        group_of(clock) for clock in begun.filter(task=None).select_related("rule")
    ]
    jobs.cancel(subject_kind="case", subject_id=act.case.pk, groups=groups)
    notices.take_back(subject_kind="case", subject_id=act.case.pk, kind="task_for_you", marks=keys)
    begun.delete()
    opened.filter(pk__in=ids).delete()


def _run_its_clocks_again(act: Act, done: Completion) -> None:
    met = list(Clock.objects.filter(case=act.case, met_at=done.at).select_related("rule"))
    Clock.objects.filter(pk__in=[clock.pk for clock in met]).update(met_at=None)
    for clock in met:
        enqueue_marks(clock, act.calendar)
