"""The queues of a work list: everything of one's own, what was given to me, what nobody has, my 科室, and 替××× apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from huiyin.cases.models import Task
from huiyin.cases.querysets import TaskQuerySet
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Post
from huiyin.directory.roles import UNIT_ROLES

#: The queue of everything of one's own posts; in the address it is left out.
ALL = ""
_FOR = "for-"


@dataclass(frozen=True)
class Queue:
    """One queue by its code in the address, its name and how many tasks wait in it."""

    code: str
    name: str
    count: int


def waiting_for(code: str, actor: Actor, today: date) -> TaskQuerySet:
    """The tasks of a queue; an unknown code is the queue of everything."""
    if code.startswith(_FOR):
        for person in _stood_in_for(actor):
            if code == f"{_FOR}{person.public_id}":
                return _for_another(actor, person)
    own = _of_posts(actor, None)
    return own.filter(_conditions(actor, today).get(code, Q()))


def queues_of(actor: Actor, today: date) -> list[Queue]:
    """The queues that the actor has, with what waits in each; a single one is no choice and is not shown."""
    named = {"mine": _("分给我的"), "free": _("待领取"), "section": _("本科室")}
    conditions = _conditions(actor, today)
    counts = _of_posts(actor, None).aggregate(
        all=Count("id"), **{code: Count("id", filter=found) for code, found in conditions.items()}
    )
    found = [Queue(ALL, _("全部"), counts["all"])]
    found += [Queue(code, named[code], counts[code]) for code in conditions]
    for person in _stood_in_for(actor):
        name = _("替%(name)s") % {"name": person.name}
        found.append(Queue(f"{_FOR}{person.public_id}", name, _for_another(actor, person).count()))
    return found if len(found) > 1 else []


def _conditions(actor: Actor, today: date) -> dict[str, Q]:
    """What a unit's people tell apart in its common queue; others have one queue."""
    if not any(post.on_behalf_of is None for post in actor.with_role(*UNIT_ROLES)):
        return {}
    conditions = {
        "mine": Q(person=actor.person) | Q(claimed_by=actor.person),
        "free": Q(person=None, claimed_by=None),
    }
    sections = [post.unit_id for post in actor.with_role(*UNIT_ROLES) if len(post.unit_ids) > 1]
    if sections:
        people = Post.objects.held_on(today).filter(unit__in=sections).values("person_id")
        conditions["section"] = Q(unit__in=sections) | Q(claimed_by__in=people)
    return conditions


def _stood_in_for(actor: Actor) -> list[Person]:
    """Those of whom all posts are covered, and those who gave one step of a post."""
    given = (post.on_behalf_of for post in actor.given if post.on_behalf_of is not None)
    return list(dict.fromkeys((*actor.covered, *given)))


def _of_posts(actor: Actor, on_behalf_of: Person | None) -> TaskQuerySet:
    """What waits through the actor's own posts, or through those covered for one person."""
    held = tuple(post for post in actor.held if post.on_behalf_of == on_behalf_of)
    given = tuple(post for post in actor.given if post.on_behalf_of == on_behalf_of)
    narrowed = Actor(person=actor.person if on_behalf_of is None else None, held=held, given=given)
    return Task.objects.waiting_for(narrowed).that_is_work()


def _for_another(actor: Actor, person: Person) -> TaskQuerySet:
    """What waits for somebody who is away: what that person holds, and what leads to the actor in no other way."""
    own = _of_posts(actor, None).exclude(claimed_by=person)
    return _of_posts(actor, person).exclude(pk__in=own.values("pk"))
