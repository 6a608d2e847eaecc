"""附议 on paper: the congress office enters the sheet that deputies have signed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases import texts
from huiyin.cases.models import Case, Transcription
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, transcribing
from huiyin.congress import errors, signing
from huiyin.congress.models import Signature
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person

#: Nobody signs by word of mouth.
SPOKEN = (Transcription.Way.PHONE, Transcription.Way.VISIT)


@transaction.atomic
def enter_signatures(
    *,
    case: Case,
    people: Sequence[Person],
    transcription: Mapping[str, Any],
    by: Actor,
    now: datetime,
    seen_hash: str,
) -> list[Signature]:
    """
    Enter who signed a matter by hand; whoever signed the same text here already stays as he is.

    :param people: the deputies whose signatures the sheet bears
    :param transcription: answers to the form `transcription`: the day on which the sheet came, and its scan
    :param seen_hash: the hash of the text that the office has before it
    :raises NotYourAct: if the actor is not the congress office; see `transcribing.check_right`
    :raises SigningOver: if the case has its number or is closed
    :raises TextChanged: if the text is another one by now
    :raises NoSheet: if it is said to have come by telephone: nobody signs by telephone
    :raises NoSigners: if nobody is named
    :raises NotADeputyHere: if one of them was no deputy of the congress on that day, or is the mover
    :raises forms.AnswersRejected: if the day or the scan is missing
    """
    locked = locking.lock(case.pk)
    signing.check_open(locked)
    present = texts.text_hash(locked)
    if seen_hash != present:
        raise errors.TextChanged
    if not people:
        raise errors.NoSigners
    act = transcribing.act_for(locked, locked.reporter, by, now, transcription)
    if act.transcription is None or act.transcription.way in SPOKEN:
        raise errors.NoSheet
    rows = [_signed(act, person, present) for person in people]
    act.say("signatures_entered", names="、".join(row.deputy.name for row in rows), text_hash=present)
    locking.finish(act)
    return rows


def _signed(act: Act, person: Person, text_hash: str) -> Signature:
    if person.pk == act.case.reporter_id:
        raise errors.NotADeputyHere
    signing.check_deputy(act.case, person, act.said_at)
    row = Signature.objects.filter(case=act.case, deputy=person).first()
    row = row or Signature(case=act.case, deputy=person, invited_at=act.said_at)
    if row.status_under(text_hash) != Signature.Status.SIGNED:
        row.text_hash, row.signed_at, row.transcription = text_hash, act.said_at, act.transcription
        row.declined_at = row.withdrawn_at = row.agreed_withdrawal_at = None
        row.save()
        act.notify(person.pk, "signature_entered", f"{row.pk}:{act.now.isoformat()}", number=act.case.number)
    return row
