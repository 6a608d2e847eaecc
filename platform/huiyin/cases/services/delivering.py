"""送达: the counter gives an answer to somebody without a telephone, and the record says when and how."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.cases import errors
from huiyin.cases.models import Case, Delivery, Reply
from huiyin.cases.recorders.common import today, written
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import errors as refusals
from huiyin.core import time_source
from huiyin.directory.actors import Actor

ACT = "case.deliver"
LONGEST = 100


class NothingToDeliver(refusals.Conflict):
    """This matter has no answer yet; there is nothing to deliver."""


class DeliveredEarly(refusals.Invalid):
    """The date of delivery cannot lie before the answer."""


class ReceiverMissing(refusals.Invalid):
    """Please write to whom the answer was given, in at most 100 characters."""


@transaction.atomic
def record_delivery(*, case: Case, on: date, way: str, to: str, by: Actor, now: datetime) -> Delivery:
    """
    Record that the newest answer of a citizen's matter was given; to whom is kept sealed and stands in no entry.

    :raises NotYourAct: without the right at the matter's place
    :raises NoSlip: for a matter that no citizen asked
    :raises NothingToDeliver: if nothing has been answered
    :raises DeliveredAhead: if the day lies in the future
    :raises DeliveredEarly: if it lies before the answer
    :raises ReceiverMissing: without the words to whom
    """
    locked = locking.lock(case.pk)
    by.require(ACT, locked.place)
    if locked.definition.starters:
        raise errors.NoSlip
    reply = newest_reply(locked)
    if reply is None:
        raise NothingToDeliver
    act = Act(locked, by, now)
    if on > today(act):
        raise errors.DeliveredAhead
    if on < time_source.day_of(reply.at):
        raise DeliveredEarly
    receiver = to.strip()
    if not receiver or len(receiver) > LONGEST:
        raise ReceiverMissing
    for known in Delivery.objects.filter(case=locked, on=on, way=way, at__gte=reply.at):
        if known.sealed.get("to") == receiver:
            return known  # the same words sent twice are one delivery
    row = Delivery.objects.create(**written(act), on=on, way=Delivery.Way(way), sealed={"to": receiver})
    act.say("answer_delivered", way=row.way, on=on)
    locking.finish(act)
    return row


def newest_reply(case: Case) -> Reply | None:
    """The newest answer to a matter: its own, or that of the one with which it is handled."""
    answered = case.merged_into_id or case.pk
    return (
        Reply.objects.filter(case=answered).select_related("unit", "by", "draft").order_by("-round").first()
    )
