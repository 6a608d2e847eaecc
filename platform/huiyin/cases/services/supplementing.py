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
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person
from huiyin.files import services as files
from huiyin.forms import answers as forms

FORM = "supplement"


@transaction.atomic
def add_supplement(*, case: Case, answers: Mapping[str, Any], by: Actor, now: datetime) -> Case:
    """
    Add to a matter through the form `supplement`; who holds its tasks and may see it is told.

    The same words are added once a round; photos that come with them a second time join those that are there, each once.

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
    row = Supplement.objects.filter(case=locked, round=locked.round, text=text).first()
    is_new = row is None
    if row is None:
        row = Supplement.objects.create(**written(act), text=text)
        act.say("supplemented")
    part = f"supplement:{row.pk}"
    photos = files.unlike(
        ids=checked.plain.get("photos", []), subject_kind="case", subject_id=locked.pk, part=part
    )
    if not is_new and not photos:
        return locked
    if photos:
        commit_files(act, photos, part, "photo")
    key = row.public_id if is_new else f"{row.public_id}:{photos[0]}"
    for person in _holders(act):
        act.notify(person, "supplemented", key, number=locked.number)
    locking.finish(act)
    return locked


def takes_supplements(case: Case) -> bool:
    """Whether the one who asked may add to a case: it is open, and its process has the form."""
    return case.closed_at is None and FORM in runtime.of(case.definition_id).documents


def _holders(act: Act) -> list[int]:
    """
    Who has taken a task of the case, else all to whom its address leads; and the deputy who follows.

    A restricted matter (举报, 涉法涉诉) is the congress office's alone, though a unit's task may still be open: a notice
    would tell the unit and the deputy that there is one.
    """
    on = today(act)
    found = {act.case.deputy_id}
    for task in Task.objects.open().filter(case=act.case):
        found |= {task.claimed_by_id} if task.claimed_by_id else set(addresses.people_led_to(task.target, on))
    people = Person.objects.filter(pk__in=found - {None}).order_by("pk")
    itself = Case.objects.filter(pk=act.case.pk)
    return [one.pk for one in people if itself.visible_to(actor_of(one, on)).exists()]
