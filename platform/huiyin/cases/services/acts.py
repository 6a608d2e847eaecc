"""Acts beside the tasks: progress, visits, withdrawal, contact, urging, re-assigning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from huiyin import engine
from huiyin.cases import errors, recording, runtime
from huiyin.cases.models import Assignment, Case, Contact, Objection, ProgressNote, Task, Visit
from huiyin.cases.recorders import move_assignment
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, marks, transcribing
from huiyin.cases.services.complete import check_task
from huiyin.cases.services.failing import becomes_incident
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.forms import answers as forms
from huiyin.forms.kinds import REPLYING
from huiyin.history import selectors as history

#: The field kinds of a step at which a matter is handled.
HANDLING = REPLYING | {"progress"}
#: The same words of the same person so soon after, with nothing between, are one act that was sent twice.
SENT_TWICE = timedelta(hours=1)


@transaction.atomic
def add_progress(
    *, task: Task, answers: Mapping[str, Any], by: Actor, now: datetime, key: str | None = None
) -> Task:
    """
    Report progress with words and photos; the task stays open. The same key again notes nothing twice.

    :raises SentAlready: if the key has noted other words
    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises NoProgressHere: if nothing is handled at this step
    :raises forms.AnswersRejected: if the report does not fit the form `progress`
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("unit", "claimed_by").get(pk=task.pk)
    noted = ProgressNote.objects.filter(case=case, key=key).first() if key is not None else None
    if noted is not None:
        said = [value.get("text") for value in answers.values() if isinstance(value, Mapping)]
        if noted.text not in said:
            raise errors.SentAlready
        return locked
    on_behalf_of = check_task(locked, by, None)
    if not takes_progress(locked):
        raise errors.NoProgressHere
    checked = forms.check(runtime.of(case.definition_id).documents["progress"], answers)
    act = Act(case, by, now, task=locked, on_behalf_of=on_behalf_of, key=key)
    for field, value in checked.records:
        recording.record(act, field, value)
    act.notify(case.reporter_id, "progress", f"{locked.pk}:{now.isoformat()}", number=case.number)
    locking.finish(act)
    return locked


@transaction.atomic
def add_contact(*, task: Task, answers: Mapping[str, Any], by: Actor, now: datetime) -> Task:
    """
    面商、沟通: record that the unit spoke with the one who asked; the task stays open. The same words are one contact.

    :raises TaskClosed: if the task is done
    :raises NotYours: if it does not wait for this person
    :raises NoContactHere: if nothing is handled at this step, or the process has no form `contact`
    :raises forms.AnswersRejected: if the record does not fit the form, or lies in the future
    """
    case = locking.lock(task.case_id)
    locked = Task.objects.select_related("unit", "claimed_by").get(pk=task.pk)
    on_behalf_of = check_task(locked, by, None)
    if not takes_contacts(locked):
        raise errors.NoContactHere
    checked = forms.check(runtime.of(case.definition_id).documents["contact"], answers)
    act = Act(case, by, now, task=locked, on_behalf_of=on_behalf_of)
    for field, value in checked.records:
        known = Contact.objects.filter(case=case, task=locked, by=act.person)
        if field.kind.name != "contact" or not known.filter(on=value["on"], text=value["text"]).exists():
            recording.record(act, field, value)
    locking.finish(act)
    return locked


def takes_contacts(task: Task) -> bool:
    """Whether a unit records at a task that it spoke with the asker: where it handles its part, if the process has the form."""
    return "contact" in runtime.of(task.case.definition_id).documents and takes_progress(task)


def takes_progress(task: Task) -> bool:
    """Whether something is handled at a task: a unit's part, or a step whose form reports progress or replies."""
    kinds = runtime.document_of(task, task.case.definition_id).kinds
    return task.assignment_id is not None or bool(kinds & HANDLING)


@transaction.atomic
def add_visit(*, case: Case, answers: Mapping[str, Any], by: Actor, now: datetime) -> Case:
    """
    视察: write down what was seen on the spot, whatever the case waits for. The same words on one day are one visit.

    :raises NotYourAct: without the right to visit
    :raises CaseClosed: if the matter is closed
    :raises NoVisitHere: if the process has no form `visit`
    :raises forms.AnswersRejected: if the report does not fit it
    """
    by.require("case.visit")
    locked = locking.lock(case.pk)
    if locked.closed_at is not None:
        raise errors.CaseClosed
    document = runtime.of(locked.definition_id).documents.get("visit")
    if document is None:
        raise errors.NoVisitHere
    checked = forms.check(document, answers)
    act = Act(locked, by, now)
    said = [value["text"] for field, value in checked.records if field.kind.name == "visit"]
    today = time_source.day_of(now)
    if Visit.objects.filter(case=locked, by=act.person, text__in=said, at__date=today).exists():
        return locked
    for field, value in checked.records:
        recording.record(act, field, value)
    locking.finish(act)
    return locked


def takes_visits(case: Case) -> bool:
    """Whether a case may be visited: it is open, and its process has the form."""
    return case.closed_at is None and "visit" in runtime.of(case.definition_id).documents


def withdraw_case(
    *, case: Case, reason: str, by: Actor, now: datetime, transcription: Mapping[str, Any] | None = None
) -> Case:
    """
    Withdraw a matter before it is answered; what else must agree is asked of `recording.may_withdraw_checks`.

    :param transcription: how the asker's letter came, where an office enters it
    :raises OnlyTheAsker: if someone else tries
    :raises NotYourAct: if the letter is entered by an office that may not; see `transcribing.check_right`
    :raises ReasonMissing: without a reason
    :raises CannotWithdraw: if the process does not wait for a withdrawal any more
    :raises StepFailed: if the process can't go on; an incident is opened, the case stays as it was
    """
    with becomes_incident(case_id=case.pk, what="withdraw_case", step_id="", now=now):
        return _withdraw(case, reason.strip(), by, now, transcription)


@transaction.atomic
def _withdraw(
    case: Case, reason: str, by: Actor, now: datetime, transcription: Mapping[str, Any] | None
) -> Case:
    locked = locking.lock(case.pk)
    if not reason:
        raise errors.ReasonMissing
    act = _asker_acts(locked, by, now, transcription, reason)
    for check in recording.may_withdraw_checks:
        check(locked)
    act.say("case_withdrawn", reason=reason)
    try:
        marks.send_message(act, "withdraw")
    except engine.NotAwaited as error:
        raise errors.CannotWithdraw from error
    locking.finish(act)
    return locked


def _asker_acts(
    case: Case, by: Actor, now: datetime, transcription: Mapping[str, Any] | None, reason: str = ""
) -> Act:
    """Begin what the asker alone does, or an office that holds his letter."""
    if transcription is not None:
        return transcribing.act_for(case, case.reporter, by, now, transcription, reason)
    if by.person is None or by.person.pk != case.reporter_id:
        raise errors.OnlyTheAsker
    return Act(case, by, now, reason=reason)


@transaction.atomic
def confirm_contact(
    *,
    contact: Contact,
    happened: bool,
    by: Actor,
    now: datetime,
    transcription: Mapping[str, Any] | None = None,
) -> Contact:
    """
    Say whether the contact that a unit recorded took place; the same word again is one.

    :param transcription: how the asker's word came, where an office enters it
    :raises OnlyTheAsker: if someone else tries
    :raises NotYourAct: if it is entered by an office that may not; see `transcribing.check_right`
    """
    case = locking.lock(contact.case_id)
    locked = Contact.objects.get(pk=contact.pk)
    by_deputy = transcription is None and case.confirms_contacts(by.person)
    by_office = transcription is not None and transcribing.may_for(case, case.reporter, by)
    if locked.confirmed is happened and (by_deputy or by_office):
        return locked
    act = Act(case, by, now) if by_deputy else _asker_acts(case, by, now, transcription)
    locked.confirmed, locked.confirmed_at = happened, now
    locked.save(update_fields=["confirmed", "confirmed_at"])
    act.say("contact_confirmed" if happened else "contact_denied", on=locked.on)
    locking.finish(act)
    return locked


@transaction.atomic
def urge_case(*, case: Case, words: str, by: Actor, now: datetime) -> Case:
    """
    催办: press for delivery; everybody who handles the matter sees it on the case. Sent twice it is one.

    :raises NotYourAct: without the right to urge
    :raises ReasonMissing: without words
    :raises CaseClosed: if nothing waits any more
    """
    by.require("case.urge")
    if not words.strip():
        raise errors.ReasonMissing
    locked = locking.lock(case.pk)
    by.require("case.urge", locked.place)
    if locked.closed_at is not None:
        raise errors.CaseClosed
    act = Act(locked, by, now)
    if _was_just_urged(act, words.strip()):
        return locked
    act.say("urged", words=words.strip(), stage=locked.stage)
    for task in Task.objects.open().filter(case=locked).exclude(claimed_by=None, person=None):
        act.notify(
            task.claimed_by_id or task.person_id,
            "urged",
            f"{now.isoformat()}",
            number=locked.number,
            words=words.strip(),
        )
    locking.finish(act)
    return locked


def _was_just_urged(act: Act, words: str) -> bool:
    """Whether the newest line of the case is this very act."""
    before = history.newest_of("case", act.case.pk)
    if before is None or (before.kind, before.by_id) != ("urged", act.by.person and act.by.person.pk):
        return False
    return act.now - before.at < SENT_TWICE and (before.facts or {}).get("words") == words


@transaction.atomic
def reassign(*, assignment: Assignment, unit_id: str, reason: str, by: Actor, now: datetime) -> Assignment:
    """
    调整承办单位: give a unit's part to another one; its open tasks move along.

    :raises NotYourAct: without the right to re-assign
    :raises ReasonMissing: without a reason
    :raises UnitUnknown: if the unit does not exist
    :raises UnitAssignedAlready: if it has a part already
    :raises CaseClosed: if the matter is closed
    :raises RoundOver: if the part is one of an earlier round
    :raises RuleFirst: if the unit has objected and is not ruled on
    :raises PartDone: if the unit has done its part
    """
    by.require("case.reassign")
    if not reason.strip():
        raise errors.ReasonMissing
    case = locking.lock(assignment.case_id)
    by.require("case.reassign", case.place)
    if case.closed_at is not None:
        raise errors.CaseClosed
    locked = Assignment.objects.select_related("unit").get(pk=assignment.pk)
    if locked.round != case.round:
        raise errors.RoundOver
    if Objection.objects.filter(assignment=locked, ruled_at=None).exists():
        raise errors.RuleFirst
    waiting = Q(assignment=locked, unit=locked.unit)
    if locked.part == Assignment.Part.LEAD:
        waiting |= Q(address__endswith="unit(lead)", unit=locked.unit)
    moving = list(Task.objects.open().filter(waiting, case=case).values_list("pk", flat=True))
    if not moving:
        raise errors.PartDone
    act = Act(case, by, now)
    move_assignment(act, locked, unit_id)
    act.say("reassign_reason", reason=reason.strip())
    Task.objects.filter(pk__in=moving).update(
        unit=locked.unit, claimed_by=None, inside_due_on=None, revision=F("revision") + 1
    )
    locking.finish(act)
    return locked
