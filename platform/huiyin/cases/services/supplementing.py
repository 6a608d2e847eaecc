"""补充: the one who asked adds words and photos to an open matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases import errors, runtime
from huiyin.cases.models import Case, Supplement, Task
from huiyin.cases.recorders.common import commit_files, today, written
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.directory import addresses
from huiyin.directory.actors import Actor
from huiyin.forms import answers as forms

FORM = "supplement"


@transaction.atomic
def add_supplement(*, case: Case, answers: Mapping[str, Any], by: Actor, now: datetime) -> Case:
    """
    Add to a matter through the form `supplement`; who holds its tasks is told. The same words are added once a round.

    :raises OnlyTheAsker: if someone else tries
    :raises CaseClosed: if the matter is closed
    :raises NoSupplementHere: if the process has no such form
    :raises forms.AnswersRejected: if the answers do not fit it
    """
    locked = locking.lock(case.pk)
    if by.person is None or by.person.pk != locked.reporter_id:
        raise errors.OnlyTheAsker
    if locked.closed_at is not None:
        raise errors.CaseClosed
    document = runtime.of(locked.definition_id).documents.get(FORM)
    if document is None:
        raise errors.NoSupplementHere
    checked = forms.check(document, answers)
    text = checked.plain["more"]
    act = Act(locked, by, now)
    if Supplement.objects.filter(case=locked, round=locked.round, text=text).exists():
        return locked
    row = Supplement.objects.create(**written(act), text=text)
    act.say("supplemented")
    if photos := checked.plain.get("photos"):
        commit_files(act, photos, f"supplement:{row.pk}", "photo")
    for person in _holders(act):
        act.notify(person, "supplemented", row.public_id, number=locked.number)
    locking.finish(act)
    return locked


def takes_supplements(case: Case) -> bool:
    """Whether the one who asked may add to a case: it is open, and its process has the form."""
    return case.closed_at is None and FORM in runtime.of(case.definition_id).documents


def _holders(act: Act) -> list[int]:
    """Who has taken a task of the case, else all to whom its address leads; and the deputy who follows."""
    found = {act.case.deputy_id}
    for task in Task.objects.open().filter(case=act.case):
        found |= (
            {task.claimed_by_id}
            if task.claimed_by_id
            else set(addresses.people_led_to(task.target, today(act)))
        )
    return sorted(person for person in found if person is not None)
