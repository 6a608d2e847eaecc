"""告知: what somebody without an account must know reaches the telephone that they left, by a short message or by a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases import connectors, outside
from huiyin.cases.models import Case
from huiyin.cases.querysets import CaseQuerySet
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import errors
from huiyin.directory import selectors as directory
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.directory.querysets import places_where
from huiyin.history import words
from huiyin.notices.models import Notice
from huiyin.notices.services import GATEWAY

ACT = "case.deliver"
State = Notice.State
#: What a call may end in; the person is called again where it says that they are still waiting.
OUTCOMES = (State.TOLD, State.WAITING, State.UNREACHABLE)


class ToldMeanwhile(errors.Conflict):
    """This person has been told meanwhile, or there is more to tell. Please look at the list again."""


class OutcomeMissing(errors.Invalid):
    """Please choose how the call ended."""


def to_call(seen: CaseQuerySet, by: Actor, now: datetime) -> QuerySet[Notice]:
    """
    Whom an office has to call, the longest waiting first: the oldest notice of each person and matter.

    :param seen: the cases that the office may see
    """
    own = seen.filter(places_where(by, ACT, "place__"), pk=OuterRef("subject_id"))
    waiting = Notice.objects.to_call(now).filter(subject_kind="case")
    older = waiting.filter(
        person=OuterRef("person"), subject_id=OuterRef("subject_id"), pk__lt=OuterRef("pk")
    )
    return waiting.filter(Exists(own), ~Exists(older)).select_related("person").order_by("at", "id")


def unheard(heads: Iterable[Notice], now: datetime) -> dict[tuple[int, int], list[Notice]]:
    """(person, case) -> all that the persons of some notices have not heard yet of their matters, the oldest first."""
    found: dict[tuple[int, int], list[Notice]] = {(one.person_id, one.subject_id): [] for one in heads}
    people, cases = {person for person, _case in found}, {case for _person, case in found}
    about = Notice.objects.to_call(now).filter(subject_kind="case", subject_id__in=cases, person__in=people)
    for row in about.order_by("id"):
        if (row.person_id, row.subject_id) in found:
            found[row.person_id, row.subject_id].append(row)
    return found


def revision_of(told: list[Notice]) -> str:
    """What changes whenever a call is recorded or there is something new to say."""
    return f"{len(told)}-{max((one.tries for one in told), default=0)}"


@transaction.atomic
def record_call(*, notice: Notice, outcome: str, seen: str, by: Actor, now: datetime) -> None:
    """
    Record how a call ended; it tells all that the person has not heard of the matter yet.

    :param seen: the revision of what the caller had before them, so that nothing is taken for told that was not
    :raises NotYourAct: without the right at the matter's place
    :raises OutcomeMissing: if the outcome is none
    :raises ToldMeanwhile: if the person knows already, another call was recorded, or there is more to say
    """
    locked = locking.lock(notice.subject_id)
    by.require(ACT, locked.place)
    if outcome not in OUTCOMES:
        raise OutcomeMissing
    waiting = unheard([notice], now)[notice.person_id, notice.subject_id]
    if not waiting or revision_of(waiting) != seen:
        raise ToldMeanwhile
    for row in waiting:
        row.channel, row.state, row.tries, row.tried_at = Notice.Channel.CALL, outcome, row.tries + 1, now
    Notice.objects.bulk_update(waiting, ["channel", "state", "tries", "tried_at"])
    act = Act(locked, by, now)
    act.say("asker_called", outcome=outcome)
    locking.finish(act)


def send_message(*, key: str) -> bool:
    """
    Send a notice as a short message, outside of any transaction; False if nobody waits for it any more.

    :raises SendFailed: if the gateway does not take it
    """
    row = Notice.objects.to_bring().filter(key=key, channel=Notice.Channel.MESSAGE).first()
    phone = row.person.details.get("phone") if row is not None else None
    if row is None or not phone or connectors.is_rehearsed():
        return False  # heard meanwhile, erased by law, or only played through
    case = Case.objects.select_related("place").get(pk=row.subject_id)
    station = directory.station_of(case.place)
    said = {
        "to": phone,
        "text": words.tell(f"notice_{row.kind}", row.facts, by=""),
        "from": station.name if station else "",
        "telephone": station.telephone if station else "",
        "key": key,
    }
    outside.send(GATEWAY, said, key)
    return True


@transaction.atomic
def finish_message(*, key: str, now: datetime) -> None:
    """Write into the matter's record that a short message went out; safe to run twice."""
    about = Notice.objects.get(key=key)
    locked = locking.lock(about.subject_id)
    told = Notice.objects.to_bring().filter(key=key, channel=Notice.Channel.MESSAGE)
    if not told.update(state=State.TOLD, tries=1, tried_at=now):
        return
    act = Act(locked, PUBLIC, now)
    act.say("asker_messaged")
    locking.write_lines(locked, act, by_id=None, now=now)
