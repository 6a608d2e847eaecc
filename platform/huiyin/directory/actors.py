"""Who acts: a person with the posts held today. Every read and every act starts from one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from huiyin.core import errors
from huiyin.directory.models import Person, Place
from huiyin.directory.roles import POLICY, UNIT_ROLES, Role


class NotYourAct(errors.NotAllowed):
    """Your post does not include this. Ask the office that handles the matter."""


@dataclass(frozen=True)
class Held:
    """One post as held on a day, or covered for somebody else."""

    role: Role
    place_path: str
    place_id: int
    unit_id: int | None
    #: the post's unit and, for a 科室, the unit it belongs to
    unit_ids: frozenset[int]
    #: whom the actor stands in for (委托代办); None in one's own post
    on_behalf_of: Person | None = None
    #: the one step that was given of the post (签发 alone); empty: all of it
    step: str = ""

    @property
    def own_units(self) -> frozenset[int]:
        """The units for which the post speaks: the head of a 科室 signs for it, never for the bureau it belongs to."""
        if self.role is Role.UNIT_HEAD:
            return frozenset() if self.unit_id is None else frozenset({self.unit_id})
        return self.unit_ids


@dataclass(frozen=True)
class Actor:
    """A person and the posts held on a day; without a person, the public."""

    person: Person | None
    held: tuple[Held, ...]
    #: posts of others of which one step was given: they lead to its tasks, and allow and show nothing else
    given: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of all posts."""
        return frozenset(post.role for post in self.held)

    def with_role(self, *roles: Role) -> tuple[Held, ...]:
        """The posts that carry one of the roles."""
        return tuple(post for post in self.held if post.role in roles)

    @property
    def covered(self) -> tuple[Person, ...]:
        """Those for whom the actor stands in today."""
        return tuple(dict.fromkeys(post.on_behalf_of for post in self.held if post.on_behalf_of is not None))

    def covered_at(self, step: str) -> tuple[Person, ...]:
        """Those for whom the actor may do a step today."""
        given = (post.on_behalf_of for post in self.given if post.step == step)
        return tuple(dict.fromkeys((*self.covered, *(person for person in given if person is not None))))

    @property
    def units(self) -> frozenset[int]:
        """The units in which the actor handles or heads, and those to which their 科室 belong."""
        return frozenset(unit for post in self.with_role(*UNIT_ROLES) for unit in post.unit_ids)

    def may(self, act: str, at: Place | None = None) -> bool:
        """Whether one of the posts, at a place or above it, allows an act of the policy table."""
        posts = self.with_role(*POLICY[act])
        return any(at is None or at.path.startswith(post.place_path) for post in posts)

    def require(self, act: str, at: Place | None = None) -> None:
        """
        Refuse an act that no post allows; a post in one county is no right in another.

        :raises NotYourAct: if the policy table does not give it to any of the posts at the place or above it
        """
        if not self.may(act, at):
            raise NotYourAct


PUBLIC = Actor(person=None, held=())


def reporter(person: Person) -> Actor:
    """The actor for a citizen who proved, by a code, to be the one who asked."""
    return Actor(person=person, held=())


# By hand: every request begins with it, and making it from query sets took longer than running it. A test holds that it
# says what `held_on` and `in_force` say.
_HELD = """
    SELECT post.role, place.path, post.place_id, post.unit_id, unit.parent_id, held.step, held.covered_for
    FROM (
        SELECT id AS post_id, '' AS step, NULL::bigint AS covered_for FROM directory_post WHERE person_id = %(person)s
        UNION ALL
        SELECT given.post_id, given.step, own.person_id
        FROM directory_delegation given JOIN directory_post own ON own.id = given.post_id
        WHERE given.to_id = %(person)s AND given.from_on <= %(on)s AND given.to_on > %(on)s
    ) held
    JOIN directory_post post ON post.id = held.post_id
    JOIN directory_place place ON place.id = post.place_id
    LEFT JOIN directory_unit unit ON unit.id = post.unit_id
    WHERE post.from_on <= %(on)s AND (post.to_on IS NULL OR post.to_on > %(on)s)
      AND (held.covered_for IS NULL OR EXISTS (
        SELECT 1 FROM directory_post mine JOIN directory_unit home ON home.id = mine.unit_id
        WHERE mine.person_id = %(person)s AND mine.from_on <= %(on)s AND (mine.to_on IS NULL OR mine.to_on > %(on)s)
          AND COALESCE(home.parent_id, home.id) = COALESCE(unit.parent_id, unit.id)
      ))
    ORDER BY held.covered_for NULLS FIRST, post.id
"""


def actor_of(person: Person, on: date) -> Actor:
    """
    Read a person's posts and delegations as they stand on a day: one query, and one more for whom the person covers.

    Who stands in does so as a colleague: whoever has left the unit that day, or changed to another, covers nothing in it,
    though nobody ended the 代办. Otherwise a person who resigned or was moved away would go on acting in an office.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"person": person.pk, "on": on})
        rows = cursor.fetchall()
    covered = {row[-1] for row in rows} - {None}
    people = Person.objects.in_bulk(covered) if covered else {}
    found = [_held(*row[:-1], people.get(row[-1])) for row in rows]
    whole = tuple(post for post in found if not post.step)
    return Actor(person=person, held=whole, given=tuple(post for post in found if post.step))


def _held(
    role: str,
    path: str,
    place_id: int,
    unit_id: int | None,
    above: int | None,
    step: str,
    on_behalf_of: Person | None,
) -> Held:
    return Held(
        role=Role(role),
        place_path=path,
        place_id=place_id,
        unit_id=unit_id,
        unit_ids=frozenset(unit for unit in (unit_id, above) if unit is not None),
        on_behalf_of=on_behalf_of,
        step=step,
    )
