"""Draft a suggestion from what citizens reported, and tell them once it has its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases.models import Case, Reply
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, start_case
from huiyin.congress import drafting, errors
from huiyin.congress.models import Source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.directory.models import Place
from huiyin.jobs import services as jobs

#: each may become an ask, and there are at most as many of those
MOST = 20


@transaction.atomic
def draft_suggestion(
    *,
    definition: Definition,
    matters: Sequence[Case],
    answers: Mapping[str, Any],
    place: Place,
    by: Actor,
    now: datetime,
    source_key: str | None = None,
) -> Case:
    """
    Start a deputy's matter, and keep from which of the citizens' matters it was drafted.

    The draft is the deputy's own: the matters' records say nothing of it before it has its number.

    :raises NotASource: if one is no citizen's matter, is restricted, or is not seen by the deputy
    :raises TooManySources: if there are more than :data:`MOST`
    :raises Refusal: what :func:`huiyin.cases.services.start_case` raises
    """
    found = _checked(matters, by)
    case = start_case(
        definition=definition, answers=answers, place=place, by=by, asker=by.person, now=now, source_key=source_key
    )  # fmt: skip
    if not found or Source.objects.filter(suggestion=case).exists():
        return case
    Source.objects.bulk_create([Source(suggestion=case, matter=matter) for matter in found])
    act = Act(locking.lock(case.pk), by, now)
    act.say("drafted_from", count=len(found), numbers="、".join(matter.number for matter in found))
    locking.finish(act)
    return act.case


def _checked(matters: Sequence[Case], by: Actor) -> list[Case]:
    if len(matters) > MOST:
        raise errors.TooManySources(most=MOST)
    wanted = {matter.pk for matter in matters}
    found = list(drafting.matters_for(by).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise errors.NotASource
    return found


def enqueue_telling(case: Case, now: datetime) -> None:
    """Let each source of a numbered suggestion know; under its own lock, so not in this transaction."""
    jobs.enqueue(
        *(
            jobs.Work(
                kind="congress.tell_source", subject_kind="case", subject_id=row.matter_id,
                key=f"source:{row.pk}", due_at=now, args={"source_id": row.pk},
            )
            for row in Source.objects.filter(suggestion=case, told_at=None)
        )
    )  # fmt: skip


def enqueue_answer(act: Act, reply: Reply) -> None:
    """Let each source of a suggestion know that a round of it was answered."""
    jobs.enqueue(
        *(
            jobs.Work(
                kind="congress.tell_answer", subject_kind="case", subject_id=row.matter_id,
                key=f"source:{row.pk}:{reply.round}", due_at=act.now, args={"source_id": row.pk},
            )
            for row in Source.objects.filter(suggestion=act.case, told_round__lt=reply.round)
        )
    )  # fmt: skip


@transaction.atomic
def tell_source(*, source: Source, now: datetime) -> None:
    """Write into a matter's record that a suggestion was made of it, and tell the one who asked; safe to run twice."""
    matter = locking.lock(source.matter_id)
    row = Source.objects.select_related("suggestion").get(pk=source.pk)
    if row.told_at is not None:
        return
    row.told_at = now
    row.save(update_fields=["told_at"])
    act, into = Act(matter, PUBLIC, now), row.suggestion.number
    act.say("raised_in_suggestion", number=into)
    act.notify(matter.reporter_id, "raised_in_suggestion", row.public_id, number=matter.number, into=into)
    locking.write_lines(matter, act, by_id=None, now=now)


@transaction.atomic
def tell_answer(*, source: Source, now: datetime) -> None:
    """
    Tell the one who asked that the suggestion was answered, by whom and with what result; safe to run twice.

    The words of the reply are the deputy's; of a suggestion that is not to be published nothing but the fact is told.
    """
    matter = locking.lock(source.matter_id)
    row = Source.objects.select_related("suggestion").get(pk=source.pk)
    reply = row.suggestion.reply_rows.select_related("unit").order_by("-round").first()
    if reply is None or reply.round <= row.told_round:
        return
    row.told_round = reply.round
    row.save(update_fields=["told_round"])
    said: dict[str, object] = {"into": row.suggestion.number, "round": reply.round}
    if not row.suggestion.is_closed_to_the_public:
        said |= {"unit": reply.unit.name if reply.unit else "", "result": reply.result}
    act, key = Act(matter, PUBLIC, now), f"{row.public_id}:{reply.round}"
    act.say("suggestion_answered", **said)
    act.notify(matter.reporter_id, "suggestion_answered", key, number=matter.number, **said)
    locking.write_lines(matter, act, by_id=None, now=now)
