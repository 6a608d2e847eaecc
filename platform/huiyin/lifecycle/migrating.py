"""
Move the running cases of a version to another, and take them back: a batch of rows, one job and one transaction a case.

A killed worker loses nothing: the row of a case says whether it has moved, and its job comes back until it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.cases.services import locking, moving
from huiyin.core import errors
from huiyin.definitions.models import Definition
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.directory.addresses import NobodyThere
from huiyin.directory.models import Jurisdiction, Person
from huiyin.history import services as history
from huiyin.jobs import services as jobs
from huiyin.lifecycle import reasons
from huiyin.lifecycle.models import Migration, Move
from huiyin.lifecycle.plan import NO_STEPS, check

#: Rows and jobs that are written together.
CHUNK = 500


class MigrationUnderWay(errors.Conflict):
    """Cases of this version are being moved already. Wait until they have, or take that batch back."""


class RevertedAlready(errors.Conflict):
    """This batch has been taken back already."""


class NothingRuns(errors.Conflict):
    """No case runs on this version any more."""


@transaction.atomic
def migrate_cases(
    *,
    source: Definition,
    target: Definition,
    by: Actor | None,
    now: datetime,
    steps: Mapping[str, str] = NO_STEPS,
) -> Migration:
    """
    Begin to move every running case of a version; the work is done in the background, case by case.

    `by` is None for the operator at the machine.

    :param steps: step of the old version -> step of the new one, where they differ
    :raises NotYourAct: without the right to move cases
    :raises OtherProcess: if the two are not versions of one process
    :raises StepUnknown: if the mapping names a step that is not there
    :raises MigrationUnderWay: if a batch from this version is not done yet
    :raises NothingRuns: if there is nothing to move
    """
    if by is not None:
        by.require("definition.migrate")
    check(source, target, steps)
    Jurisdiction.objects.select_for_update().get(pk=source.jurisdiction_id)
    if Move.objects.filter(migration__source=source, status=Move.Status.WAITING).exists():
        raise MigrationUnderWay
    person = by.person if by else None
    batch = Migration.objects.create(source=source, target=target, steps=dict(steps), by=person, at=now)
    running = Case.objects.filter(definition=source, ended_at=None).order_by("pk")
    total = 0
    for ids in _chunks(running.values_list("pk", flat=True).iterator(chunk_size=CHUNK)):
        moves = Move.objects.bulk_create(Move(migration=batch, case_id=pk) for pk in ids)
        jobs.enqueue(
            *(
                jobs.Work(
                    "lifecycle.move_case", "migration", batch.pk, f"move:{move.pk}", now, {"move_id": move.pk}
                )
                for move in moves
            )
        )
        total += len(moves)
    if not total:
        raise NothingRuns
    _say(batch, person, now, history.Line("cases_moving", _facts(batch, total)))
    return batch


@transaction.atomic
def revert_migration(*, migration: Migration, by: Actor | None, now: datetime) -> Migration:
    """
    Take the cases of a batch back to the version that they came from; those that were worked on since stay, and are listed.

    `by` is None for the operator at the machine.

    :raises NotYourAct: without the right to move cases
    :raises RevertedAlready: if that was done before
    """
    if by is not None:
        by.require("definition.migrate")
    batch = Migration.objects.select_for_update().get(pk=migration.pk)
    if batch.reverted_at is not None:
        raise RevertedAlready
    batch.reverted_by, batch.reverted_at = by.person if by else None, now
    batch.save(update_fields=["reverted_by", "reverted_at"])
    batch.moves.filter(status=Move.Status.WAITING).update(status=Move.Status.LEFT)
    moved = batch.moves.filter(status=Move.Status.MOVED).order_by("pk")
    total = 0
    for ids in _chunks(moved.values_list("pk", flat=True).iterator(chunk_size=CHUNK)):
        jobs.enqueue(
            *(
                jobs.Work(
                    "lifecycle.return_case", "migration", batch.pk, f"return:{pk}", now, {"move_id": pk}
                )
                for pk in ids
            )
        )
        total += len(ids)
    _say(batch, batch.reverted_by, now, history.Line("cases_moving_back", _facts(batch, total)))
    return batch


@transaction.atomic
def move_one(*, move: Move, now: datetime) -> Move:
    """Move one case of a batch, or write down why it stays; done already, it is left as it is."""
    locking.lock(move.case_id)  # the case first, as everywhere
    row = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if row.status != Move.Status.WAITING:
        return row
    batch = Migration.objects.select_related("source", "target", "by").get(pk=row.migration_id)
    row.at = now
    try:
        moved = services.move_case(
            case=row.case, source=batch.source, target=batch.target, steps=batch.steps,
            by=_actor(batch.by), now=now,
        )  # fmt: skip
    except moving.CannotMove as refused:
        row.status, row.reasons = Move.Status.FAILED, reasons.as_rows(refused.obstacles)
    except (moving.RunsElsewhere, moving.NotAsSaved, NobodyThere) as refused:
        row.status, row.reasons = Move.Status.FAILED, [["", type(refused).__name__, ""]]
    else:
        row.status, row.state, row.tasks = Move.Status.MOVED, moved.state, moved.tasks
        row.stage, row.revision = moved.stage, moved.revision
    row.save()
    return row


@transaction.atomic
def return_one(*, move: Move, now: datetime) -> Move:
    """Take one case of a batch back, or write down why it stays; done already, it is left as it is."""
    locking.lock(move.case_id)
    row = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if row.status != Move.Status.MOVED:
        return row
    batch = Migration.objects.select_related("source", "target", "reverted_by").get(pk=row.migration_id)
    before = moving.Moved(bytes(row.state or b""), row.tasks, row.stage, row.revision or 0, row.at or now)
    try:
        services.put_back(
            case=row.case, moved=before, source=batch.source, target=batch.target,
            by=_actor(batch.reverted_by), now=now,
        )  # fmt: skip
    except (moving.RunsElsewhere, moving.WentOn, moving.NotAsSaved) as refused:
        row.status, row.reasons = Move.Status.STAYED, [["", type(refused).__name__, ""]]
    else:
        row.status = Move.Status.RETURNED
    row.save(update_fields=["status", "reasons"])
    return row


def _actor(person: Person | None) -> Actor:
    """Who began the batch; the right to it was looked at then."""
    return Actor(person=person, held=()) if person is not None else PUBLIC


def _chunks(ids: Iterator[int]) -> Iterator[Sequence[int]]:
    while chunk := list(islice(ids, CHUNK)):
        yield chunk


def _facts(batch: Migration, count: int) -> dict[str, object]:
    return {
        "name": batch.target.name,
        "old": batch.source.version,
        "new": batch.target.version,
        "count": count,
    }


def _say(batch: Migration, person: Person | None, now: datetime, line: history.Line) -> None:
    history.record(
        subject_kind="definition", subject_id=batch.target_id, lines=[line],
        by_id=person.pk if person else None, at=now,
    )  # fmt: skip
