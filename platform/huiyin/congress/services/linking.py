"""关联 and 不是同一件: keep what an office found when it compared two matters."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases.models import Case
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.congress import errors
from huiyin.congress.models import CasePair
from huiyin.directory.actors import Actor, NotYourAct


@transaction.atomic
def compare_cases(*, one: Case, other: Case, verdict: str, by: Actor, now: datetime) -> CasePair:
    """
    Keep that two matters belong together, or that they do not; said anew, the last word holds.

    :param verdict: of :class:`CasePair.Verdict`
    :raises NotYourAct: without the right to, at the places of both
    :raises SameCase: if it is one matter
    :raises ConfidentialCase: if one of them is restricted: its number stands in no other matter's record
    """
    by.require("case.compare", one.place)
    by.require("case.compare", other.place)
    if by.person is None:
        raise NotYourAct
    if one.pk == other.pk:
        raise errors.SameCase
    first, second = (locking.lock(pk) for pk in sorted((one.pk, other.pk)))
    if first.restricted or second.restricted:
        raise errors.ConfidentialCase
    pair, _made = CasePair.objects.update_or_create(
        first=first, second=second, defaults={"verdict": verdict, "by": by.person, "at": now}
    )
    for case, to in ((first, second), (second, first)):
        act = Act(case, by, now)
        if verdict == CasePair.Verdict.LINKED:
            act.say("case_linked", to=to.number)
        else:
            act.say("case_told_apart", to=to.number)
        locking.finish(act)
    return pair
