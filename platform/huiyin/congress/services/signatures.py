"""附议: invite, sign, decline, take back, agree to a withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from huiyin.cases import errors as case_errors
from huiyin.cases import texts
from huiyin.cases.models import Case, Fact
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, marks
from huiyin.cases.services.failing import becomes_incident
from huiyin.congress import errors, selectors, signing
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person

#: The message that a diagram may wait for: fewer propose than the law asks.
SHORT = "signatures.short"


@transaction.atomic
def invite_cosigners(*, case: Case, people: Sequence[Person], by: Actor, now: datetime) -> list[Signature]:
    """
    Ask deputies of the mover's congress to sign a matter.

    :raises OnlyTheMover: if someone else tries
    :raises SigningOver: if the case has its number or is closed
    :raises NotADeputyHere: if one of them is no deputy of this congress, or the mover
    :raises InvitedAlready: if one was asked before
    """
    locked = locking.lock(case.pk)
    if by.person is None or by.person.pk != locked.reporter_id:
        raise errors.OnlyTheMover
    signing.check_open(locked)
    act = Act(locked, by, now)
    rows = signing.invite(act, [person.public_id for person in people])
    locking.finish(act)
    return rows


@transaction.atomic
def sign(*, case: Case, by: Actor, now: datetime, seen_hash: str) -> Signature:
    """
    Sign a matter as it was read.

    :param seen_hash: the hash of the text that the deputy has before him
    :raises NotACosigner: if the deputy was not asked
    :raises NotADeputyHere: if the deputy's term has ended
    :raises SigningOver: if the case has its number or is closed
    :raises TextChanged: if the text is another one by now
    :raises SignedAlready: if the same text bears the signature already
    """
    locked = locking.lock(case.pk)
    row = signing.own(locked, by.person)
    signing.check_open(locked)
    signing.check_deputy(locked, by.person, now)
    present = texts.text_hash(locked)
    if seen_hash != present:
        raise errors.TextChanged
    if row.status_under(present) == Signature.Status.SIGNED:
        raise errors.SignedAlready
    row.text_hash, row.signed_at = present, now
    row.declined_at = row.withdrawn_at = row.agreed_withdrawal_at = None
    row.save()
    act = Act(locked, by, now)
    act.say("cosigned", text_hash=present)
    act.notify(locked.reporter_id, "cosigned", f"{row.pk}:{now.isoformat()}", **_whom(locked, row))
    locking.finish(act)
    return row


@transaction.atomic
def join(*, case: Case, by: Actor, now: datetime, seen_hash: str) -> Signature:
    """
    Sign on the spot, by the code that the mover shows: who was not invited is so by the code.

    :param seen_hash: the hash of the text that the code was made for
    :raises MoverNeedsNoSignature: if the mover scans the own code
    :raises Refusal: what :func:`sign` raises
    """
    locked = locking.lock(case.pk)
    if by.person is not None and by.person.pk == locked.reporter_id:
        raise errors.MoverNeedsNoSignature
    signing.check_open(locked)
    signing.check_deputy(locked, by.person, now)
    Signature.objects.get_or_create(case=locked, deputy=by.person, defaults={"invited_at": now})
    return sign(case=locked, by=by, now=now, seen_hash=seen_hash)


@transaction.atomic
def decline(*, case: Case, by: Actor, now: datetime) -> Signature:
    """
    Say no to an invitation.

    :raises NotACosigner: if the deputy was not asked
    :raises SigningOver: if the case has its number or is closed
    :raises SignedAlready: if it was signed; a signature is taken back, not declined
    """
    locked = locking.lock(case.pk)
    row = signing.own(locked, by.person)
    signing.check_open(locked)
    if row.signed_at is not None:
        raise errors.SignedAlready
    if row.declined_at is None:
        row.declined_at = now
        row.save(update_fields=["declined_at"])
        act = Act(locked, by, now)
        act.say("cosign_declined")
        act.notify(locked.reporter_id, "cosign_declined", f"{row.pk}:{now.isoformat()}", **_whom(locked, row))
        locking.finish(act)
    return row


def withdraw_signature(*, case: Case, by: Actor, now: datetime) -> Signature:
    """
    Take one's signature back; when too few are left for what was submitted, the process is told.

    :raises NotACosigner: if the deputy was not asked
    :raises NotSigned: if there is no signature to take back
    :raises CaseClosed: if the matter is closed
    :raises StepFailed: if the process can't go on; an incident is opened, the signature stays
    """
    with becomes_incident(case_id=case.pk, what="withdraw_signature", step_id="", now=now):
        return _withdraw(case, by, now)


@transaction.atomic
def _withdraw(case: Case, by: Actor, now: datetime) -> Signature:
    locked = locking.lock(case.pk)
    row = signing.own(locked, by.person)
    if locked.closed_at is not None:
        raise case_errors.CaseClosed
    if row.signed_at is None or row.withdrawn_at is not None:
        raise errors.NotSigned
    row.withdrawn_at, row.agreed_withdrawal_at = now, None
    row.save(update_fields=["withdrawn_at", "agreed_withdrawal_at"])
    act = Act(locked, by, now)
    act.say("cosign_withdrawn")
    act.notify(locked.reporter_id, "cosign_withdrawn", f"{row.pk}:{now.isoformat()}", **_whom(locked, row))
    have, need = selectors.proposers(locked, time_source.day_of(now))
    if have < need and selectors.is_submitted(locked) and marks.awaits(locked, SHORT):
        act.say("signatures_short", have=have, need=need)
        # Submitted no longer: the mover may look for others, and the number stays.
        Fact.objects.filter(case=locked, name=selectors.SUBMITTED).delete()
        marks.send_message(act, SHORT)
    locking.finish(act)
    return row


@transaction.atomic
def agree_to_withdraw(*, case: Case, by: Actor, now: datetime) -> Signature:
    """
    Agree that the mover takes a joint matter back.

    :raises NotACosigner: if the deputy was not asked
    :raises NotSigned: if no signature of the deputy counts for the present text
    """
    locked = locking.lock(case.pk)
    row = signing.own(locked, by.person)
    if row.status_under(texts.text_hash(locked)) != Signature.Status.SIGNED:
        raise errors.NotSigned
    if row.agreed_withdrawal_at is None:
        row.agreed_withdrawal_at = now
        row.save(update_fields=["agreed_withdrawal_at"])
        act = Act(locked, by, now)
        act.say("withdrawal_agreed")
        act.notify(locked.reporter_id, "withdrawal_agreed", f"{row.pk}", **_whom(locked, row))
        locking.finish(act)
    return row


def _whom(case: Case, row: Signature) -> dict[str, str]:
    """What the mover is told: a deputy's name is public by office."""
    return {"number": case.number, "title": case.title, "name": row.deputy.name}
