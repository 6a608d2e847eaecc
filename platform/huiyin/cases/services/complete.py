"""Take a person's answers and let the case go on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin import engine
from huiyin.cases import errors, recording, runtime, undoing
from huiyin.cases.models import Completion, Consultation, Fact, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import clocks, locking, projection, transcribing
from huiyin.cases.services.failing import becomes_incident
from huiyin.core import canonical, time_source
from huiyin.directory import addresses
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person
from huiyin.forms import answers as forms
from huiyin.forms.document import Document


def complete_task(
    *,
    task: Task,
    answers: Mapping[str, Any],
    by: Actor,
    now: datetime,
    key: str,
    seen_revision: int | None = None,
    transcription: Mapping[str, Any] | None = None,
) -> Task:
    """
    Take a person's answers and let the case go on.

    The same key again with the same words returns the same task and does nothing; other words are not called done.

    :param transcription: how the answers came, where an office enters them for the one person that the task waits for
    :raises TaskClosed: if the task was completed or taken back meanwhile
    :raises TaskMoved: if it is no longer what the person saw
    :raises NotYours: if its address does not lead to this person
    :raises NotYourAct: if the person enters answers for somebody and may not; see `transcribing.check_right`
    :raises StillToSign: if a colleague was asked for an opinion (加签) and has not given it
    :raises forms.AnswersRejected: if the answers do not fit the form
    :raises StepFailed: if the process can't go on; an incident is opened, the case stays as it was
    """
    with becomes_incident(case_id=task.case_id, what="complete_task", step_id=task.step_id, now=now):
        return _complete(task, answers, by, now, key, seen_revision, transcription)


@transaction.atomic
def _complete(
    seen: Task,
    answers: Mapping[str, Any],
    by: Actor,
    now: datetime,
    key: str,
    seen_revision: int | None,
    transcription: Mapping[str, Any] | None,
) -> Task:
    case = locking.lock(seen.case_id)
    task = Task.objects.with_what_completing_takes().select_related("assignment", "person").get(pk=seen.pk)
    task.case = case  # what was read under the lock goes with the task to whoever shows it
    run = runtime.of(case.definition_id)
    document = runtime.document_of(task, case.definition_id)
    if task.status == Task.Status.DONE and _is_repeated(task, document, answers, by, key):
        return task
    check = check_task if transcription is None else transcribing.check_task
    on_behalf_of = check(task, by, seen_revision)
    _check_signed(task)
    checked, said = transcribing.check_answers(run, document, answers, transcription)
    act = Act(case, by, now, task=task, on_behalf_of=on_behalf_of, reason=_reason_in(checked))
    state = bytes(task.engine_state)  # type: ignore[attr-defined]
    if said is None:
        act.footings = undoing.footings(act, run.process.steps[task.step_id], state, document, checked.facts)
    else:
        transcribing.keep(act, said)  # an office does not take back what somebody sent
    _keep(act, checked, key)
    act.routing.update(checked.routing)
    for field, value in checked.records:
        recording.record(act, field, value)
    advance = engine.complete(
        run.process,
        state,
        key=task.key,
        data=act.routing,
        tables=runtime.all_tables(run, case.profile),
    )
    projection.apply(act, advance, run)
    locking.finish(act)
    return task


def _reason_in(checked: forms.Checked) -> str:
    return str(checked.plain.get("reason", ""))


def _is_repeated(task: Task, document: Document, answers: Mapping[str, Any], by: Actor, key: str) -> bool:
    """Whether this is the very request that completed the task, sent once more."""
    done = Completion.objects.filter(task=task, key=key, by=by.person).first()
    if done is None:
        return False
    try:
        checked = forms.check(document, answers)
    except forms.AnswersRejected:
        return False
    again, kept = checked.plain | checked.sealed, done.answers | done.sealed
    return canonical.encode(without_uploads(document, again)) == canonical.encode(
        without_uploads(document, kept)
    )


def without_uploads(document: Document, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without uploads: sent again, a page stages them again under other ids."""
    return {
        name: {part: said for part, said in value.items() if part != "photos"}
        if isinstance(value, dict)
        else value
        for name, value in answers.items()
        if document.fields[name].kind.name not in ("photos", "voice")
    }


def check_task(task: Task, by: Actor, seen_revision: int | None) -> Person | None:
    if task.status != Task.Status.OPEN:
        raise errors.TaskClosed
    if seen_revision is not None and seen_revision != task.revision:
        raise errors.TaskMoved
    post = addresses.post_that_fits(by, task.target, task.step_id)
    if post is None:
        raise errors.NotYours
    holder = task.claimed_by
    if holder is not None and by.person != holder and _still_fits(holder, task):
        # Who stands in for the holder does it in that name, also where the own post leads there as well.
        if holder not in by.covered_at(task.step_id):
            raise errors.TakenByAnother(name=holder.name)
        return holder
    return None if post == "self" else post.on_behalf_of


def _check_signed(task: Task) -> None:
    if task.to_sign:  # type: ignore[attr-defined]
        waiting = Consultation.objects.unanswered().filter(task=task, kind=Consultation.Kind.SIGN)
        raise errors.StillToSign(names="、".join(waiting.values_list("to__name", flat=True)))


def _still_fits(holder: Person, task: Task) -> bool:
    """A claim ends with the post it was made in: after an election the work must not stay with somebody who left."""
    actor = actor_of(holder, time_source.today())
    return addresses.post_that_fits(actor, task.target, task.step_id) is not None


def _keep(act: Act, checked: forms.Checked, key: str) -> None:
    """Write the completion and the facts that it states, close the task and meet its own clocks."""
    task = act.task
    if task is None:
        raise ValueError("a completion belongs to a task")
    Completion.objects.create(
        task=task,
        case=act.case,
        by=act.person,
        on_behalf_of=act.on_behalf_of,
        at=act.now,
        answers=checked.plain,
        sealed=checked.sealed,
        key=key,
    )
    for name, value in checked.facts.items():
        Fact.objects.update_or_create(case=act.case, name=name, defaults={"text": str(value)[:200]})
    task.status, task.closed_at, task.revision = Task.Status.DONE, act.now, task.revision + 1
    task.save(update_fields=["status", "closed_at", "revision"])
    if task.has_clock:  # type: ignore[attr-defined]
        clocks.meet_task(task, act.said_at)
    act.say(
        "task_completed",
        task=task.name,
        step=task.step_id,
        on_behalf_of=act.on_behalf_of.name if act.on_behalf_of else "",
        answers=hashlib.sha256(canonical.encode(checked.plain)).hexdigest(),
    )
