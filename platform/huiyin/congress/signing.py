"""What the recorders and the services of co-signing share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.cases import texts
from huiyin.cases.models import Case
from huiyin.cases.recording import Act
from huiyin.congress import errors, selectors
from huiyin.congress.models import BallotCandidate, Signature
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.directory.roles import Role


def check_open(case: Case) -> None:
    """
    Refuse invitations and signatures once the circle of proposers is fixed.

    :raises SigningOver: when the case is submitted and has its number, or is closed
    """
    if not is_open(case):
        raise errors.SigningOver


def is_open(case: Case) -> bool:
    """Whether deputies may still join a case."""
    return case.closed_at is None and not selectors.with_fixed_signers().filter(case=case).exists()


def check_deputy(case: Case, person: Person | None, now: datetime) -> None:
    """
    Refuse who is no deputy of the case's congress at that moment.

    :raises NotADeputyHere: if the person's term has ended, say
    """
    day = time_source.day_of(now)
    deputies = selectors.deputies_of_congress(selectors.congress_of(case, day), day)
    if person is None or not deputies.filter(pk=person.pk).exists():
        raise errors.NotADeputyHere


def invite(act: Act, public_ids: Sequence[str]) -> list[Signature]:
    """
    Ask deputies of the same congress for their signature, and tell them; the caller holds the case's lock.

    :raises NotADeputyHere: if one is no deputy of it, or the mover
    :raises InvitedAlready: if one was asked before
    """
    case, day = act.case, time_source.day_of(act.now)
    wanted = list(dict.fromkeys(public_ids))
    deputies = selectors.deputies_of_congress(selectors.congress_of(case, day), day)
    people = list(deputies.filter(public_id__in=wanted).exclude(pk=case.reporter_id))
    if len(people) != len(wanted):
        raise errors.NotADeputyHere
    known = Signature.objects.filter(case=case, deputy__in=people).select_related("deputy").first()
    if known is not None:
        raise errors.InvitedAlready(name=known.deputy.name)
    rows = Signature.objects.bulk_create(
        [Signature(case=case, deputy=person, invited_at=act.now) for person in people]
    )
    for person in people:
        act.notify(person.pk, "cosign_invited", "1", number=case.number, title=case.title)
    if rows:
        act.say("cosigners_invited", count=len(rows))
    return rows


def own(case: Case, person: Person | None) -> Signature:
    """
    A deputy's row on a case.

    :raises NotACosigner: if the deputy was not asked to sign
    """
    row = Signature.objects.filter(case=case, deputy=person).first() if person is not None else None
    if row is None:
        raise errors.NotACosigner
    return row


def cases_to_sign(actor: Actor) -> QuerySet[Any]:
    """The cases that a deputy sees because of an invitation or a signature; who declined or withdrew does so no more."""
    if actor.person is None or not actor.with_role(Role.DEPUTY):
        return Signature.objects.none().values("case_id")
    asked = Signature.objects.filter(deputy=actor.person, declined_at__isnull=True, withdrawn_at__isnull=True)
    return asked.values("case_id")


def cases_to_vote_on(actor: Actor) -> QuerySet[Any]:
    """The candidates of the ballots on whose roll a deputy stands: seen before the vote, and inspected on site after it."""
    if actor.person is None or not actor.with_role(Role.DEPUTY):
        return BallotCandidate.objects.none().values("case_id")
    return BallotCandidate.objects.filter(ballot__roll__person=actor.person).values("case_id")


def all_signers_agree(case: Case) -> None:
    """
    A joint matter is withdrawn only with everyone who signed its present text.

    :raises SignersDisagree: while somebody has not agreed
    """
    counting = Signature.objects.filter(case=case).counting(texts.text_hash(case))
    missing = counting.filter(agreed_withdrawal_at__isnull=True).count()
    if missing:
        raise errors.SignersDisagree(missing=missing)
