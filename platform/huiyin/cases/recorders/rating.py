"""The recorder of ratings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.cases import errors
from huiyin.cases.models import Ask, AskRating, Assignment, Case, Rating, Reply
from huiyin.cases.recorders.common import listed, rejected, written
from huiyin.cases.recording import Act, recorder
from huiyin.core import time_source
from huiyin.directory.actors import Actor, actor_of
from huiyin.directory.models import Person
from huiyin.forms.document import Field

#: Whoever rates at these addresses rates as a deputy; a suggestion's mover is one.
DEPUTY_ADDRESSES = ("deputy", "mover")


@recorder("rating")
def rate(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Write the rating of the asker or of the deputy, and of each ask; a late one is accepted and marked.

    :raises NoOwnRating: if the person drafted or gave the reply, or works in a unit that handled the matter
    :raises RatedAlready: if this side has rated the round
    :raises forms.AnswersRejected: if an ask is unknown or judged twice
    """
    if act.task is None:
        raise ValueError("a rating belongs to a task")
    rater = Rating.Rater.DEPUTY if act.task.address in DEPUTY_ADDRESSES else Rating.Rater.CITIZEN
    if _answered_by(act, act.on_behalf_of or act.person) or works_on(act.case, act.by):
        raise errors.NoOwnRating
    if act.case.rating_rows.filter(round=act.case.round, rater=rater).exists():
        raise errors.RatedAlready
    judged = _judged(act, field, value.get("asks", []))
    rating = Rating.objects.create(
        **written(act),
        rater=rater,
        result=value["result"],
        attitude=value.get("attitude", ""),
        words=value.get("words", ""),
        late=_is_late(act),
    )
    AskRating.objects.bulk_create(
        [AskRating(rating=rating, ask=ask, settled=settled) for ask, settled in judged]
    )
    act.routing[f"{rater.value}_result"] = rating.result
    act.routing[f"{rater.value}_attitude"] = rating.attitude
    act.routing["unsettled"] = sum(not settled for _ask, settled in judged)
    act.say("rated", rater=rater.value, result=rating.result, round=rating.round, late=rating.late or None)


def _is_late(act: Act) -> bool:
    """Whether the matter was closed when the rating came; a paper that lay in the office was in time."""
    closed = act.case.closed_at
    return closed is not None and time_source.day_of(act.said_at) >= time_source.day_of(closed)


def _answered_by(act: Act, rater: Person) -> bool:
    """Whether the one whose rating it is drafted or gave the reply, or works in a unit that handled the matter."""
    own = Q(by=rater) | Q(draft__by=rater)
    if act.case.reply_rows.filter(own, round=act.case.round).exists():
        return True
    return act.on_behalf_of is not None and works_on(act.case, actor_of(rater, time_source.day_of(act.now)))


def works_on(case: Case, actor: Actor) -> bool:
    """
    Whether an actor holds a post in a unit that handles a case, or that answered it without being assigned, as a station
    does: a unit never rates itself, also where a deputy heads it.
    """
    return case.pk in worked_on([case.pk], actor)


def worked_on(cases: Iterable[int], actor: Actor) -> frozenset[int]:
    """Which of the cases a unit handles in which the actor holds a post; one query for a whole page."""
    among = list(cases)
    parts = Assignment.objects.filter(case__in=among, unit__in=actor.units)
    # A station answers at its own post, without a part in the matter.
    own = {post.unit_id for post in actor.held if post.unit_id is not None}
    answered = Reply.objects.filter(case__in=among, unit__in=own)
    return frozenset(
        parts.values_list("case_id", flat=True).union(answered.values_list("case_id", flat=True))
    )


def _judged(act: Act, field: Field, given: list[dict[str, Any]]) -> list[tuple[Ask, bool]]:
    asks = {ask.number: ask for ask in Ask.objects.filter(case=act.case)} if given else {}
    numbers = [item["ask"] for item in given]
    if unknown := set(numbers) - set(asks):
        raise rejected(field, _("没有诉求 %(numbers)s，请核对") % {"numbers": listed(unknown)})
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise rejected(field, _("诉求 %(numbers)s 评价了不止一次") % {"numbers": listed(twice)})
    return [(asks[item["ask"]], item["settled"] == "yes") for item in given]
