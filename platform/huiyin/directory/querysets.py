"""Reads of the directory. Names of officials, units and places are public; a citizen's person is not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from huiyin.directory.roles import POLICY, UNIT_ROLES

if TYPE_CHECKING:
    from huiyin.directory.actors import Actor
    from huiyin.directory.models import Place


def places_where(actor: Actor, act: str, prefix: str = "") -> Q:
    """The places at and below the posts that allow an act of the policy table; the same rule as `Actor.may`."""
    reached = Q(pk__in=[])
    for post in actor.with_role(*POLICY[act]):
        reached |= Q(**{f"{prefix}path__startswith": post.place_path})
    return reached


class PlaceQuerySet(QuerySet["Place"]):
    """Places."""

    def visible_to(self, actor: Actor) -> PlaceQuerySet:
        """Places are public: a citizen chooses one without an account. Those of a trial run stay out of the way."""
        return self.exclude(jurisdiction__is_trial=True)

    def above(self, place: Place) -> PlaceQuerySet:
        """The place itself and all it lies in, nearest first."""
        return self.filter(code__in=place.codes).order_by("-path")

    def under(self, place: Place) -> PlaceQuerySet:
        """The place itself and all that lies in it."""
        return self.filter(path__startswith=place.path)

    def where_may(self, actor: Actor, act: str) -> PlaceQuerySet:
        """The places where one of the actor's posts allows an act."""
        return self.filter(places_where(actor, act))


class UnitQuerySet(QuerySet["Unit"]):
    """Units."""

    def visible_to(self, actor: Actor) -> UnitQuerySet:
        """Units are public: who is responsible for what is no secret."""
        return self.all()

    def that_handle(self) -> UnitQuerySet:
        """The units to which a matter can be handed over."""
        return self.filter(kind__in=["department", "town_government"])


class PersonQuerySet(QuerySet["Person"]):
    """People."""

    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Holders of a post are public by office; citizens are seen by themselves alone."""
        shown = Q(posts__isnull=False)
        if actor.person is not None:
            shown |= Q(pk=actor.person.pk)
        return self.filter(shown).distinct()


class DelegationQuerySet(QuerySet["Delegation"]):
    """委托代办."""

    def visible_to(self, actor: Actor) -> DelegationQuerySet:
        """What the actor gave and what the actor was given."""
        return self.filter(Q(post__person=actor.person) | Q(to=actor.person)) if actor.person else self.none()

    def in_force(self, day: date) -> DelegationQuerySet:
        """Those that count on a day: begun, not over, of a post that is held, to someone who works in its unit that day."""
        from huiyin.directory.models import Post

        root = Coalesce("unit__parent_id", "unit_id")
        there = (
            Post.objects.held_on(day)
            .filter(person=OuterRef("to"))
            .annotate(root=root)
            .filter(root=OuterRef("root"))
        )
        return self.annotate(root=Coalesce("post__unit__parent_id", "post__unit_id")).filter(
            Exists(there), from_on__lte=day, to_on__gt=day, post__in=Post.objects.held_on(day)
        )


class PostQuerySet(QuerySet["Post"]):
    """Posts."""

    def visible_to(self, actor: Actor) -> PostQuerySet:
        """Posts are public."""
        return self.all()

    def held_on(self, day: date) -> PostQuerySet:
        """Posts that are held on a day."""
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), from_on__lte=day)

    def in_unit(self, unit_id: int) -> PostQuerySet:
        """Posts of those who handle or head in a unit or one of its 科室."""
        return self.filter(Q(unit=unit_id) | Q(unit__parent=unit_id), role__in=UNIT_ROLES)

    def covering(self, place: Place) -> PostQuerySet:
        """Posts at the place or at any place it lies in."""
        return self.filter(place__code__in=place.codes)
