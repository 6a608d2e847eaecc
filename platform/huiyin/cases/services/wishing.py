"""代表意见: the deputy to whom a citizen turned says how the matter should go; the congress office decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.cases.models import Case, RouteWish
from huiyin.cases.present import routes
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.core import errors
from huiyin.directory.actors import Actor


class OnlyTheDeputy(errors.NotAllowed):
    """Only the deputy to whom this matter was addressed can do this."""


class RouteChosen(errors.Conflict):
    """The congress office has already decided who handles this matter."""


@transaction.atomic
def wish_route(*, case: Case, route: str, by: Actor, now: datetime) -> RouteWish:
    """
    Keep what the deputy wishes, until the office has chosen; said anew, the last word holds.

    :param route: of :data:`huiyin.cases.present.routes.OPTIONS`
    :raises OnlyTheDeputy: if the matter is not addressed to the actor
    :raises RouteChosen: if the office has chosen, or the process does not ask
    """
    locked = locking.lock(case.pk)
    if by.person is None or by.person.pk != locked.deputy_id or locked.restricted:
        raise OnlyTheDeputy
    if route not in dict(routes.may_wish(locked, by)):
        raise RouteChosen
    known = RouteWish.objects.filter(case=locked, by=by.person).first()
    if known is not None and known.route == route:
        return known
    row, _made = RouteWish.objects.update_or_create(
        case=locked, by=by.person, defaults={"route": route, "round": locked.round, "at": now}
    )
    act = Act(locked, by, now)
    act.say("route_wished", route=route)
    locking.finish(act)
    return row
