"""待电话告知: whom a station calls, about what, and where to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from huiyin.cases.models import Case
from huiyin.cases.services import informing
from huiyin.directory.models import Person, Place
from huiyin.history import words
from huiyin.notices.models import Notice


@dataclass(frozen=True)
class CallRow:
    """One person to call about one matter; `notice` is the oldest of what they have not heard."""

    notice: str
    case: str
    number: str
    title: str
    place: Place
    name: str
    phone: str
    said: tuple[str, ...]
    since: datetime
    tries: int
    tried_at: datetime | None
    #: what is sent back with the outcome
    seen: str


def call_rows(heads: Iterable[Notice], now: datetime) -> list[CallRow]:
    """The calls of a page: one for each person and matter, by the oldest notice of it."""
    found = list(heads)
    cases = Case.objects.select_related("place").in_bulk([head.subject_id for head in found])
    told = informing.unheard(found, now)
    return [
        _row(cases[head.subject_id], told[head.person_id, head.subject_id], head.person) for head in found
    ]


def _row(case: Case, told: list[Notice], person: Person) -> CallRow:
    details = person.details
    return CallRow(
        notice=told[0].public_id,
        case=case.public_id,
        number=case.number,
        title=case.title,
        place=case.place,
        name=str(details.get("name") or person.name),
        phone=str(details.get("phone", "")),
        said=tuple(dict.fromkeys(words.tell(f"notice_{one.kind}", one.facts, by="") for one in told)),
        since=told[0].at,
        tries=max(one.tries for one in told),
        seen=informing.revision_of(told),
        tried_at=max((one.tried_at for one in told if one.tried_at), default=None),
    )
