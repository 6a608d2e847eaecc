"""加签 and 传阅: ask colleagues beside the diagram, for one case; no step is skipped or added by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.colleagues import beside
from huiyin.cases.models import Case, Consultation, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.cases.services.complete import check_task
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person


@transaction.atomic
def ask_signer(*, task: Task, to: Person, words: str, by: Actor, now: datetime) -> Consultation:
    """
    加签: ask a colleague for an opinion, without which the task can't be completed.

    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises TakenByAnother: if a colleague works on it
    :raises ReasonMissing: without words
    :raises AskedOneself: if they are the same person
    :raises NotBeside: if the other works elsewhere
    :raises CannotSee: if the other may not see the matter
    :raises AskedAlready: if the other was asked and has not answered
    """
    act = _begin(task, by, now)
    if not words.strip():
        raise errors.ReasonMissing
    row = _ask(act, Consultation.Kind.SIGN, to, words.strip())
    act.say("signer_asked", task=row.task.name, to=to.name)
    act.notify(to.pk, "signer_asked", str(row.pk), **_told(act), words=row.question)
    locking.finish(act)
    return row


@transaction.atomic
def pass_for_reading(
    *, task: Task, to: Sequence[Person], words: str, by: Actor, now: datetime
) -> list[Consultation]:
    """
    传阅: pass the matter to colleagues to read; all of them or, if one is refused, none. It holds nothing up.

    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises TakenByAnother: if a colleague works on it
    :raises NobodyChosen: without anybody to read it
    :raises AskedOneself: if one of them is the person who acts
    :raises NotBeside: if one works elsewhere
    :raises CannotSee: if one may not see the matter
    :raises AskedAlready: if one has it and has not read it
    """
    act = _begin(task, by, now)
    people = list(dict.fromkeys(to))
    if not people:
        raise errors.NobodyChosen
    rows = [_ask(act, Consultation.Kind.READ, person, words.strip()) for person in people]
    act.say("passed_for_reading", task=rows[0].task.name, to="、".join(person.name for person in people))
    for row in rows:
        act.notify(row.to_id, "passed_for_reading", str(row.pk), **_told(act), words=row.question)
    locking.finish(act)
    return rows


@transaction.atomic
def answer_consultation(
    *, consultation: Consultation, agrees: bool | None, words: str, by: Actor, now: datetime
) -> Consultation:
    """
    Give the opinion that was asked for, or mark as read (已阅) what was passed for reading.

    An opinion that disagrees blocks nothing: whoever handles the matter decides, and who reviews the reply reads it.

    :param agrees: of a 加签 whether the person agrees; None of a 传阅
    :raises NotAsked: if somebody else was asked
    :raises ConsultationOver: if it was answered or withdrawn, or the task of a 加签 is over
    :raises OpinionMissing: if a 加签 neither agrees nor disagrees, or disagrees without a reason
    :raises OnlyRead: if a 传阅 agrees or disagrees
    """
    case, row = _locked(consultation)
    if by.person is None or by.person.pk != row.to_id:
        raise errors.NotAsked
    if not row.is_waiting:
        raise errors.ConsultationOver
    is_opinion, words = row.kind == Consultation.Kind.SIGN, words.strip()
    if is_opinion and (agrees is None or (not agrees and not words)):
        raise errors.OpinionMissing
    if not is_opinion and agrees is not None:
        raise errors.OnlyRead
    row.agrees, row.answer, row.answered_at = agrees, words, now
    row.save(update_fields=["agrees", "answer", "answered_at"])
    act = Act(case, by, now, task=row.task)
    facts = {**_told(act), "who": row.to.name}
    if is_opinion:
        act.say("signer_answered", task=row.task.name, agrees=agrees or None)
        act.notify(row.by_id, "signer_answered", str(row.pk), **facts, agrees=agrees)
    else:
        act.say("reading_done", task=row.task.name)
        act.notify(row.by_id, "reading_done", str(row.pk), **facts, words=words)
    locking.finish(act)
    return row


@transaction.atomic
def withdraw_consultation(*, consultation: Consultation, by: Actor, now: datetime) -> Consultation:
    """
    Take a request back: the one who asked, or whoever works on the task now, so that nobody who left holds it up.

    :raises ConsultationOver: if it was answered or withdrawn, or the task of a 加签 is over
    :raises TaskClosed: if another than the one who asked tries after the task is done
    :raises NotYours: if the task does not wait for this person
    :raises TakenByAnother: if a colleague works on it
    """
    case, row = _locked(consultation)
    if not row.is_waiting:
        raise errors.ConsultationOver
    if by.person is None or by.person.pk != row.by_id:
        check_task(row.task, by, None)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    act = Act(case, by, now, task=row.task)
    act.say("consultation_withdrawn", what=row.kind, task=row.task.name, to=row.to.name)
    act.notify(row.to_id, "consultation_withdrawn", str(row.pk), **_told(act))
    locking.finish(act)
    return row


def _begin(task: Task, by: Actor, now: datetime) -> Act:
    """Lock the case, and see that the person works on the task."""
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("claimed_by").get(pk=task.pk)
    return Act(case, by, now, task=locked, on_behalf_of=check_task(locked, by, None))


def _locked(consultation: Consultation) -> tuple[Case, Consultation]:
    case = locking.lock(consultation.case_id)
    return case, Consultation.objects.select_related("task__claimed_by", "to").get(pk=consultation.pk)


def _ask(act: Act, kind: str, to: Person, words: str) -> Consultation:
    task = act.task
    if task is None:
        raise ValueError("a request belongs to a task")
    _check_asked(act, task, to)
    asked = Consultation.objects.filter(task=task, kind=kind, to=to, answered_at=None, withdrawn_at=None)
    # Of two who ask at once the second waits for the case's lock, and then finds it; the constraint guards the rest.
    if asked.exists():
        raise errors.AskedAlready(name=to.name)
    return Consultation.objects.create(
        case=act.case,
        task=task,
        round=task.round,
        by=act.person,
        at=act.now,
        kind=kind,
        to=to,
        question=words,
    )


def _check_asked(act: Act, task: Task, to: Person) -> None:
    if to == act.person:
        raise errors.AskedOneself
    target, actor = beside(task), actor_of(to, time_source.day_of(act.now))
    if target is None or addresses.post_that_fits(actor, target) is None:
        raise errors.NotBeside(name=to.name)
    # Sight is the policy's to give. If asking gave it, one handler could open a restricted matter (举报, 涉法涉诉), or one
    # that is not to be published, to whom the rules keep it from.
    if not Case.objects.visible_to(actor).with_paper_for(actor).filter(pk=act.case.pk).exists():
        raise errors.CannotSee(name=to.name)


def _told(act: Act) -> dict[str, str]:
    return {
        "number": act.case.number,
        "title": act.case.title,
        "task": act.task.name if act.task else "",
        "by": act.person.name,
    }
