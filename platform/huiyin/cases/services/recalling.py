"""收回: take back what one has sent, until the next person acts or until the step that the diagram names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

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

#: What others may have done since a step that its `recall_until` still holds: it takes nothing of the next step away.
HARMLESS = frozenset({"task_taken", "task_returned", "task_given", "task_recalled", "urged", "route_wished"})


@transaction.atomic
def recall_task(*, task: Task, by: Actor, now: datetime) -> Task:
    """
    收回: open a step again that one has done; the engine, the clocks and the rows stand as before it.

    A step is the sender's to take back until the next person acts. Where the diagram says `recall_until`, it is until that
    step is done (交办, until the first 签收), and what others did on top of it is taken back with it; they are told. The
    words go into a :class:`Recall` and wait in the form. All acts stay in the history.

    :raises NotYours: if somebody else did it, or the person's post has ended
    :raises CannotRecall: if the step told somebody outside, gave a number or closed the case
    :raises RecalledTooLate: if somebody has acted since, or the case has gone on by itself
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.get(pk=task.pk)
    state, done = CaseState.objects.get(case=case), _done(locked, by)
    if not undoing.is_recallable(runtime.document_of(locked, case.definition_id)):
        raise errors.CannotRecall
    trail = _trail(case, state, done)
    if not trail:
        raise errors.RecalledTooLate
    act = Act(case, by, now, task=locked)
    for one, saved in reversed(trail):
        _take_back(act, one, saved)
    kept = len(state.undo) - len(trail)
    case.revision += 1
    case.save(update_fields=[*undoing.COLUMNS, "revision"])
    CaseState.objects.filter(case=case).update(
        state=state.before[kept], revision=case.revision, before=state.before[:kept], undo=state.undo[:kept]
    )
    locking.finish(act)
    locked.refresh_from_db()
    return locked


@dataclass(frozen=True)
class Offer:
    """A step that an actor may take back."""

    task: Task
    #: the step until which it can be taken back; empty: until anybody acts
    until: str
    #: the steps of others that are taken back with it
    along: tuple[str, ...]


def recallable(case: Case, by: Actor) -> list[Offer]:
    """What an actor may take back now, the newest first; :func:`recall_task` looks again under the lock."""
    state = CaseState.objects.filter(case=case).defer("state", "before").first()
    if state is None or not state.undo or by.person is None:
        return []
    done = Completion.objects.select_related("task").filter(by=by.person)
    offers = []
    for mine in done.filter(task__in=[one["task"] for one in state.undo]).order_by("-at"):
        if addresses.post_that_fits(by, mine.task.target, mine.task.step_id) is None:
            continue
        if trail := _trail(case, state, mine):
            until = runtime.of(case.definition_id).process.steps.get(trail[0][1].get("until", ""))
            along = tuple(one.task.name for one, _saved in trail[1:])
            offers.append(Offer(mine.task, until.name if until else "", along))
    return offers


def still_held(done: Iterable[Completion]) -> frozenset[int]:
    """The tasks of some completions whose cases have not gone on: what a list offers; :func:`recall_task` looks again."""
    tasks = {one.task_id: one.case_id for one in done}
    states = CaseState.objects.filter(case__in=set(tasks.values()), revision=F("case__revision"))
    held = {one["task"] for undo in states.values_list("undo", flat=True) for one in undo}
    return frozenset(held & set(tasks))


def _done(task: Task, by: Actor) -> Completion:
    """The actor's own completion of a task that still leads to the actor."""
    done = Completion.objects.select_related("task").filter(task=task, by=by.person).first()
    if done is None or addresses.post_that_fits(by, task.target, task.step_id) is None:
        raise errors.NotYours
    return done


def _trail(case: Case, state: CaseState, done: Completion) -> list[tuple[Completion, dict[str, Any]]]:
    """The completions from one on to the last, with what each must put back; empty if something else moved the case since."""
    tasks = [one["task"] for one in state.undo]
    if done.task_id not in tasks or state.revision != case.revision:
        return []
    found = tasks.index(done.task_id)
    held, tasks = state.undo[found:], tasks[found:]
    rows = {row.task_id: row for row in Completion.objects.select_related("task").filter(task__in=tasks)}
    allowed: frozenset[str] = HARMLESS if held[0].get("until") else frozenset()
    own = {(row.by_id, row.at) for row in rows.values()}
    for taken_back in case.recall_rows.filter(done_at__gte=done.at):
        own.add((taken_back.done_by_id, taken_back.done_at))
    since = history.of_people_since("case", case.pk, by_id=done.by_id, at=done.at)
    if any((by_id, at) not in own and kind not in allowed for kind, by_id, at in since):
        return []
    return [(rows[one["task"]], one) for one in held]


def _take_back(act: Act, done: Completion, saved: dict[str, Any]) -> None:
    """Let everything stand as before a completion, whose words are kept."""
    case, task = act.case, done.task
    _close_what_it_opened(act, done)
    _run_its_clocks_again(act, done)
    undoing.restore(done, case, saved)
    Recall.objects.create(
        case=case, task=act.task, round=task.round, by=act.person, at=act.now, step_id=task.step_id,
        done_by=done.by, done_at=done.at, answers=done.answers, sealed=done.sealed,
    )  # fmt: skip
    done.delete()
    task.status, task.closed_at, task.revision = Task.Status.OPEN, None, task.revision + 1
    task.save(update_fields=["status", "closed_at", "revision"])
    act.say("task_recalled", task=task.name, step=task.step_id)
    told = {"number": case.number, "title": case.title, "task": task.name, "by": act.person.name}
    act.notify(done.by_id, "taken_back_with", f"{task.key}:{act.now.isoformat()}", **told)


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
    Recall.objects.filter(task__in=ids).update(task=act.task)
    opened.filter(pk__in=ids).delete()


def _run_its_clocks_again(act: Act, done: Completion) -> None:
    met = list(Clock.objects.filter(case=act.case, met_at=done.at).select_related("rule"))
    Clock.objects.filter(pk__in=[clock.pk for clock in met]).update(met_at=None)
    for clock in met:
        enqueue_marks(clock, act.calendar)
