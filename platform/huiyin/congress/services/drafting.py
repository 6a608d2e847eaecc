"""Draft a suggestion from what citizens reported, and tell them once it has its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.cases.models import Case
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
                kind="congress.tell_source",
                subject_kind="case",
                subject_id=row.matter_id,
                key=f"source:{row.pk}",
                due_at=now,
                args={"source_id": row.pk},
            )
            for row in Source.objects.filter(suggestion=case, told_at=None)
        )
    )


@transaction.atomic
def tell_source(*, source: Source, now: datetime) -> None:
    """Write into a matter's record that a suggestion was made of it, and tell the one who asked; safe to run twice."""
    matter = locking.lock(source.matter_id)
    row = Source.objects.select_related("suggestion").get(pk=source.pk)
    if row.told_at is not None:
        return
    row.told_at = now
    row.save(update_fields=["told_at"])
    act = Act(matter, PUBLIC, now)
    act.say("raised_in_suggestion", number=row.suggestion.number)
    act.notify(
        matter.reporter_id,
        "raised_in_suggestion",
        row.public_id,
        number=matter.number,
        into=row.suggestion.number,
    )
    locking.write_lines(matter, act, by_id=None, now=now)
