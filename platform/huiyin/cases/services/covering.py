"""委托代办: while somebody is away, a colleague acts in his posts, recorded as on behalf of him."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from huiyin.core import errors, time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import ISSUE, Delegation, Person, Post
from huiyin.directory.querysets import PostQuerySet
from huiyin.directory.roles import Role
from huiyin.history import services as history
from huiyin.history.services import Line
from huiyin.notices import services as notices
from huiyin.notices.services import Message

#: A deputy's mandate is his own (代表法): nobody rates or signs in his place.
PERSONAL = frozenset({Role.DEPUTY, Role.VILLAGE_DEPUTY})
#: Days of a leave; whoever is away longer is followed by somebody with the post.
LONGEST = 180


class LeaveWrong(errors.Invalid):
    """The leave begins today or later, does not end before it begins, and lasts at most 180 days."""


class NotAColleague(errors.Invalid):
    """Choose somebody of your own unit to stand in for you."""


class LeaveOverlaps(errors.Conflict):
    """Somebody stands in for you on some of these days already. End that first."""


class NothingToSign(errors.Invalid):
    """Only who heads a unit can let somebody else sign its replies."""


class NotYourPost(errors.NotAllowed):
    """Only the one whose post it is can end this."""


class CoverOver(errors.Conflict):
    """This has ended already."""


def posts_to_cover(actor: Actor, on: date, signing_only: bool = False) -> PostQuerySet:
    """The posts that somebody else may fill for the actor on a day, or those alone in which the actor signs replies."""
    if actor.person is None:
        return Post.objects.none()
    own = Post.objects.held_on(on).filter(person=actor.person).exclude(role__in=PERSONAL)
    own = own.filter(role=Role.UNIT_HEAD) if signing_only else own
    return own.select_related("unit", "place")


def colleagues(actor: Actor, on: date) -> PostQuerySet:
    """The posts of those who may stand in: people of the same units and of their 科室, unit by unit."""
    units = {unit for post in posts_to_cover(actor, on) for unit in _units_of(post)}
    beside = Post.objects.held_on(on).exclude(person=actor.person).exclude(role__in=PERSONAL)
    found = beside.filter(Q(unit__in=units) | Q(unit__parent__in=units)).select_related("person", "unit")
    return found.order_by("unit__parent_id", "unit__pinyin", "person__pinyin", "person_id")


@transaction.atomic
def cover_posts(
    *, cover: Person, from_on: date, last_on: date, by: Actor, now: datetime, signing_only: bool = False
) -> Sequence[Delegation]:
    """
    Let a colleague act in one's own posts of their common units, from a day to a last day; both days count.

    A post in another unit, in which the colleague does not work, is not handed over with it.

    :param signing_only: give 签发 alone of the posts in which one heads a unit; the rest stays one's own
    :raises LeaveWrong: if it lies in the past or ends before it begins
    :raises NothingToSign: if signing alone is given by somebody who heads no unit
    :raises NotAColleague: if the other holds no post in one's own unit
    :raises LeaveOverlaps: if the same of one of the posts is given in these days already
    """
    today = time_source.day_of(now)
    if not today <= from_on <= last_on or (last_on - from_on).days >= LONGEST:
        raise LeaveWrong
    posts = _posts_in_common(cover, by, today, signing_only)
    until = last_on + timedelta(days=1)
    step = ISSUE if signing_only else ""
    given = Delegation.objects.filter(post__in=posts, step=step, from_on__lt=until, to_on__gt=from_on)
    if given.exists():
        raise LeaveOverlaps
    made = [
        Delegation.objects.create(post=post, to=cover, step=step, from_on=from_on, to_on=until)
        for post in posts
    ]
    facts = {"from": str(from_on), "last": str(last_on), "step": step}
    for post in posts:
        _write(post, Line("post_covered", {"to": cover.name, **facts}), by, now)
    told = {"name": by.person.name if by.person else "", **facts}
    message = Message(cover.pk, "covers_for", f"covers_for:{made[0].public_id}", told)
    notices.tell([message], subject_kind="post", subject_id=posts[0].pk, at=now)
    return made


def _posts_in_common(cover: Person, by: Actor, today: date, signing_only: bool) -> list[Post]:
    """One's own posts, locked, in the units in which the other works too."""
    posts = list(posts_to_cover(by, today, signing_only).select_for_update(of=("self",)).order_by("pk"))
    if signing_only and not posts:
        raise NothingToSign
    theirs = Post.objects.held_on(today).filter(person=cover).exclude(role__in=PERSONAL)
    shared = {unit for post in theirs.select_related("unit") for unit in _units_of(post)}
    posts = [post for post in posts if cover != by.person and _units_of(post) & shared]
    if not posts:
        raise NotAColleague
    return posts


@transaction.atomic
def end_cover(*, delegation: Delegation, by: Actor, now: datetime) -> None:
    """
    Be back earlier: from now on nobody stands in for this post; one that has not begun is called off.

    :raises NotYourPost: if it is somebody else's post
    :raises CoverOver: if it has ended already
    """
    post = Post.objects.select_for_update().get(pk=delegation.post_id)
    if by.person is None or post.person_id != by.person.pk:
        raise NotYourPost
    locked = Delegation.objects.select_related("to").filter(pk=delegation.pk).first()
    today = time_source.day_of(now)
    if locked is None or locked.to_on <= today:
        raise CoverOver
    if locked.from_on >= today:
        locked.delete()
    else:
        locked.to_on = today
        locked.save(update_fields=["to_on"])
    _write(post, Line("cover_ended", {"to": locked.to.name}), by, now)


def _units_of(post: Post) -> set[int]:
    return {unit for unit in (post.unit_id, post.unit.parent_id if post.unit else None) if unit is not None}


def _write(post: Post, line: Line, by: Actor, now: datetime) -> None:
    by_id = by.person.pk if by.person else None
    history.record(subject_kind="post", subject_id=post.pk, lines=[line], by_id=by_id, at=now)
