"""听写: what a citizen said in a clip, written down by whoever works on it, for those who read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from huiyin.cases import errors
from huiyin.cases.models import Case, Hearing, Task
from huiyin.cases.recorders.common import written
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.cases.texts import SPOKEN, title_of
from huiyin.directory.actors import Actor, NotYourAct
from huiyin.files.models import Attachment
from huiyin.forms.shapes import clean

ACT = "case.transcribe"
LENGTH = 5000


@transaction.atomic
def write_down(*, case: Case, text: str, by: Actor, now: datetime) -> Hearing:
    """
    Keep what was heard; the clip stays the original, and the newest text is shown with who wrote it.

    A matter that came as a clip alone is called by its first words from then on.

    :raises NotYourAct: for anybody but the counter of its place and those whom a task of it waits for
    :raises CaseClosed: if the matter is closed
    :raises NoClip: if there is nothing to hear
    :raises NothingHeard: without words, or with more than :data:`LENGTH`
    """
    locked = locking.lock(case.pk)
    if not _works_on(locked, by):
        raise NotYourAct
    if locked.closed_at is not None:
        raise errors.CaseClosed
    if not clips_of(locked).exists():
        raise errors.NoClip
    text = clean(text)
    if not text or len(text) > LENGTH:
        raise errors.NothingHeard(most=LENGTH)
    known = locked.hearing_rows.last()
    if known is not None and known.text == text:
        return known
    act = Act(locked, by, now)
    row = Hearing.objects.create(**written(act), text=text)
    if locked.title.startswith(SPOKEN):
        locked.title = title_of(text)
        locked.save(update_fields=["title"])
    act.say("written_down")
    locking.finish(act)
    return row


def may_write_down(case: Case, actor: Actor) -> bool:
    """Whether the actor works on an open matter that came with a clip."""
    return case.closed_at is None and clips_of(case).exists() and _works_on(case, actor)


def clips_of(case: Case) -> QuerySet[Attachment]:
    """What was recorded for a matter."""
    return Attachment.objects.filter(subject_kind="case", subject_id=case.pk, kind=Attachment.Kind.VOICE)


def _works_on(case: Case, actor: Actor) -> bool:
    if actor.person is None or actor.person.pk == case.reporter_id:
        return False
    return actor.may(ACT, case.place) or Task.objects.waiting_for(actor).filter(case=case).exists()
