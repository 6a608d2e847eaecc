"""代录: an office enters what somebody sent on paper or said on the telephone; clocks count from the day it came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huiyin.cases import errors, runtime
from huiyin.cases.models import Case, Task
from huiyin.cases.recorders.rating import works_on
from huiyin.cases.recording import Act, record
from huiyin.core import time_source
from huiyin.directory.actors import Actor, NotYourAct
from huiyin.directory.models import Person, Place
from huiyin.forms import answers as forms
from huiyin.forms.document import Document

#: The form of a process that lets its askers' papers be entered; without it, none are.
FORM = "transcription"


def check_right(case: Case, person: Person, by: Actor) -> None:
    """
    Refuse who may not enter what a person sent about a case.

    :raises NotYourAct: without the right to, at the case's place; a deputy's paper is the congress office's alone
    :raises NoOwnTranscription: if the actor works in a unit that handles the case
    :raises NotTranscribed: if the process lets no papers be entered
    """
    if FORM not in runtime.of(case.definition_id).documents:
        raise errors.NotTranscribed
    check_office(by, case.place, for_deputy=is_deputys(case, person))
    if works_on(case, by):
        raise errors.NoOwnTranscription


def check_office(by: Actor | None, place: Place, *, for_deputy: bool) -> None:
    """
    Refuse an office that enters no such papers at a place.

    :raises NotYourAct: without the right to
    """
    if by is None:
        raise NotYourAct
    by.require("case.transcribe_deputy" if for_deputy else "case.transcribe", place)


def is_deputys(case: Case, person: Person) -> bool:
    """Whether a person speaks in a case as a deputy: who moved what only deputies move, or who follows a citizen's matter."""
    return person.pk == case.deputy_id or (person.pk == case.reporter_id and bool(case.definition.starters))


def may(task: Task, by: Actor) -> bool:
    """Whether an actor may enter the answers of the one person for whom a task waits."""
    if task.status != Task.Status.OPEN or task.person is None or task.person == by.person:
        return False
    return may_for(task.case, task.person, by)


def may_for(case: Case, person: Person, by: Actor) -> bool:
    """Whether an actor may enter what a person sends about a case."""
    try:
        check_right(case, person, by)
    except (NotYourAct, errors.NotTranscribed, errors.NoOwnTranscription):
        return False
    return True


def check_task(task: Task, by: Actor, seen_revision: int | None) -> Person:
    """
    Find for whom an office enters the answers of a task.

    :raises TaskClosed: if the task is done
    :raises TaskMoved: if it is no longer what the person saw
    :raises NotYours: if it waits for an office or a unit, or for the one who acts
    """
    if task.status != Task.Status.OPEN:
        raise errors.TaskClosed
    if seen_revision is not None and seen_revision != task.revision:
        raise errors.TaskMoved
    if task.person is None or task.person == by.person:
        raise errors.NotYours
    check_right(task.case, task.person, by)
    return task.person


def check_answers(
    run: runtime.Runtime,
    document: Document,
    answers: Mapping[str, Any],
    transcription: Mapping[str, Any] | None,
) -> tuple[forms.Checked, forms.Checked | None]:
    """
    Check the answers to a form together with how they came; what is wrong in either is said at once.

    :raises forms.AnswersRejected: if something does not fit
    :raises NotTranscribed: if the process lets no papers be entered
    """
    if transcription is None:
        return forms.check(document, answers), None
    if FORM not in run.documents:
        raise errors.NotTranscribed
    checked: list[forms.Checked] = []
    problems: dict[str, str] = {}
    for asked, given in ((document, answers), (run.documents[FORM], transcription)):
        try:
            checked.append(forms.check(asked, given))
        except forms.AnswersRejected as rejected:
            problems |= rejected.problems
    if problems:
        raise forms.AnswersRejected(problems)
    return checked[0], checked[1]


def keep(act: Act, said: forms.Checked) -> None:
    """
    Write how the answers of `act.on_behalf_of` came; from here on the act counts as done on the day they came.

    :raises forms.AnswersRejected: if the day lies ahead, before the matter or its answer, or back without a note
    """
    for field, value in said.records:
        record(act, field, value)


def act_for(
    case: Case, person: Person, by: Actor, now: datetime, transcription: Mapping[str, Any], reason: str = ""
) -> Act:
    """
    Begin an act that an office does for somebody who sent it on paper; the caller holds the case's lock.

    :raises NotYourAct: if the office may not; see :func:`check_right`
    :raises forms.AnswersRejected: if it is not said how and when it came
    """
    check_right(case, person, by)
    act = Act(case, by, now, on_behalf_of=person, reason=reason)
    keep(act, forms.check(runtime.of(case.definition_id).documents[FORM], transcription))
    return act


def received_at(said: forms.Checked, now: datetime) -> datetime:
    """When the answers of a first form were received."""
    days = [value["on"] for field, value in said.records if field.kind.name == "transcription"]
    return min((time_source.moment_within(date.fromisoformat(day), now) for day in days), default=now)
