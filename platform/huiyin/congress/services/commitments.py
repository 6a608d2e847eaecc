"""承诺事项台账: report a promise as kept, rate it, remind of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from huiyin.cases import errors as case_errors
from huiyin.cases.models import Rating
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.congress import errors, selectors
from huiyin.congress.models import Commitment
from huiyin.core import time_source
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.directory.models import Post
from huiyin.jobs import services as jobs

AHEAD = timedelta(days=30)
MORNING = time(9)


def enqueue_reminders(commitment: Commitment, now: datetime) -> None:
    """Remind thirty days before the day and on it; the subject is the commitment, which outlives its case."""
    days = {"ahead": commitment.due_on - AHEAD, "due": commitment.due_on}
    moments = {mark: timezone.make_aware(datetime.combine(day, MORNING)) for mark, day in days.items()}
    jobs.enqueue(
        *(
            jobs.Work(
                kind="congress.remind_commitment",
                subject_kind="commitment",
                subject_id=commitment.pk,
                key=f"commitment:{commitment.pk}:{commitment.round}:{mark}",
                due_at=at,
                args={"commitment_id": commitment.pk, "mark": mark},
            )
            for mark, at in moments.items()
            if at > now
        )
    )


@transaction.atomic
def report_kept(*, commitment: Commitment, words: str, by: Actor, now: datetime) -> Commitment:
    """
    The unit says how it kept a commitment; the mover is asked to rate it.

    :raises NotTheUnit: if the actor neither handles nor heads in the unit
    :raises WordsMissing: without words
    :raises CommitmentClosed: if it is kept and closed
    :raises KeptAlready: if it waits for the mover's rating
    """
    case = locking.lock(commitment.case_id)
    locked = Commitment.objects.select_related("unit").get(pk=commitment.pk)
    act = Act(case, by, now)
    if locked.unit_id not in by.units:
        raise errors.NotTheUnit
    if not words.strip():
        raise errors.WordsMissing
    if locked.closed_at is not None:
        raise errors.CommitmentClosed
    if locked.kept_at is not None:
        raise errors.KeptAlready
    locked.kept_at, locked.kept_by, locked.kept_words = now, act.person, words.strip()
    locked.rated_at, locked.rating, locked.rating_words = None, "", ""
    locked.save()
    jobs.cancel(subject_kind="commitment", subject_id=locked.pk)
    act.say("commitment_kept", unit=locked.unit.name, due=locked.due_on, round=locked.round)
    key = f"{locked.pk}:{locked.round}"
    act.notify(case.reporter_id, "commitment_kept", key, number=case.number, unit=locked.unit.name)
    locking.finish(act)
    return locked


@transaction.atomic
def rate_commitment(
    *, commitment: Commitment, result: str, words: str = "", by: Actor, now: datetime
) -> Commitment:
    """
    The mover rates a kept commitment: satisfied or basic closes it, dissatisfied opens it again.

    :param result: satisfied, basic or dissatisfied
    :raises OnlyTheMover: if someone else tries
    :raises NoOwnRating: if the mover reported it as kept, or works in a unit that handled the matter
    :raises CommitmentClosed: if it is kept and closed
    :raises NotKeptYet: if the unit has not reported
    :raises WordsMissing: if a dissatisfied mover does not say why
    """
    rating = Rating.Scale(result)
    case = locking.lock(commitment.case_id)
    locked = Commitment.objects.select_related("unit").get(pk=commitment.pk)
    if by.person is None or by.person.pk != case.reporter_id:
        raise errors.OnlyTheMover
    if locked.closed_at is not None:
        raise errors.CommitmentClosed
    if locked.kept_at is None:
        raise errors.NotKeptYet
    if selectors.not_rated_by(by, [locked]):
        raise case_errors.NoOwnRating
    if rating == Rating.Scale.DISSATISFIED and not words.strip():
        raise errors.WordsMissing
    locked.rated_at, locked.rating, locked.rating_words = now, rating, words.strip()
    act = Act(case, by, now)
    act.say("commitment_rated", result=rating.value, due=locked.due_on, round=locked.round)
    if rating == Rating.Scale.DISSATISFIED:
        locked.kept_at, locked.kept_by, locked.kept_words = None, None, ""
        locked.round += 1
        enqueue_reminders(locked, now)
        _tell_unit(act, locked, "reopened")
    else:
        locked.closed_at = now
    locked.save()
    locking.finish(act)
    return locked


@transaction.atomic
def remind_commitment(*, commitment: Commitment, mark: str, now: datetime) -> bool:
    """Remind the unit of a commitment, thirty days ahead or on the day; False if it was kept meanwhile. Safe to run twice."""
    case = locking.lock(commitment.case_id)
    locked = Commitment.objects.select_related("unit").get(pk=commitment.pk)
    if locked.kept_at is not None or locked.closed_at is not None:
        return False
    act = Act(case, PUBLIC, now)
    act.say(
        "commitment_due" if mark == "due" else "commitment_ahead", unit=locked.unit.name, due=locked.due_on
    )
    _tell_unit(act, locked, mark)
    if mark == "due":
        act.notify(case.reporter_id, "commitment_due", f"{locked.pk}:{locked.round}", **_facts(act, locked))
    locking.write_lines(case, act, by_id=None, now=now)
    return True


def _tell_unit(act: Act, commitment: Commitment, mark: str) -> None:
    """Tell everyone who handles or heads in the unit or one of its 科室."""
    posts = Post.objects.held_on(time_source.day_of(act.now)).in_unit(commitment.unit_id)
    for person_id in posts.values_list("person_id", flat=True).distinct():
        act.notify(
            person_id,
            "commitment_reopened" if mark == "reopened" else "commitment_reminder",
            f"{commitment.pk}:{commitment.round}:{mark}",
            **_facts(act, commitment),
        )


def _facts(act: Act, commitment: Commitment) -> dict[str, str]:
    return {
        "number": act.case.number,
        "unit": commitment.unit.name,
        "due": commitment.due_on.isoformat(),
    }
