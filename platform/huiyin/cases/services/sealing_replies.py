"""盖章件: the letter that was signed and sealed on paper is kept as the official text of a reply."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases.models import Case, Reply, ReplyDraft
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import errors
from huiyin.directory.actors import Actor
from huiyin.files import services as files
from huiyin.files.models import Attachment


class NothingIssued(errors.Conflict):
    """No reply of this round has been issued yet, so there is no official text to keep."""


class NotTheRepliesUnit(errors.NotAllowed):
    """Only the unit that issued the reply can keep its sealed letter."""


def issued(case: Case) -> Reply | ReplyDraft | None:
    """What was issued in the round at hand: the reply, or the signed draft that waits to be delivered."""
    reply = Reply.objects.filter(case=case, round=case.round).first()
    signed = ReplyDraft.objects.filter(case=case, round=case.round).exclude(document_number="")
    return reply or signed.order_by("-version").first()


def may_seal(case: Case, by: Actor) -> bool:
    """Whether the actor's unit issued something in the round at hand."""
    found = issued(case)
    return found is not None and found.unit_id in by.units


@transaction.atomic
def seal_reply(*, case: Case, upload: str, by: Actor, now: datetime) -> Attachment:
    """
    Keep a staged PDF as the official text of the round's reply; a later one takes its place, and both stay on record.

    :param upload: the public id of what was staged
    :raises NotTheRepliesUnit: if the actor's unit did not issue the reply
    :raises NothingIssued: if no reply of this round has been issued
    :raises files.AttachmentGone: if the upload is no longer there
    """
    locked = locking.lock(case.pk)
    found = issued(locked)
    if found is None:
        raise NothingIssued
    if found.unit_id not in by.units:
        raise NotTheRepliesUnit
    act = Act(locked, by, now)
    [row] = files.commit(
        ids=[upload],
        kinds=[Attachment.Kind.SEALED],
        subject_kind="case",
        subject_id=locked.pk,
        part=f"sealed:{locked.round}",
        now=now,
    )
    act.say("reply_sealed", document=found.document_number, sha256=row.sha256)
    locking.finish(act)
    return row
