"""
Addresses: whom a task waits for, as a diagram says it (grammar: docs/addresses.md).

    address = role "@place" [ " not completer(" step ")" ] | [ role "@" ] "unit(" which ")" | "reporter" | "mover"
            | "deputy" | "completer(" step ")" ;
    which   = "assignment" | "lead" ;

An address is resolved to a :class:`Target` when a task opens; people are found when the task is read, so elections
and deputising touch no task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q

from huiyin.core import errors
from huiyin.directory.actors import Actor, Held
from huiyin.directory.models import Person, Place, Post, Unit
from huiyin.directory.roles import UNIT_ROLES, Role

_GRAMMAR = re.compile(
    r"(?:(?P<role>[a-z_]+)@)?"
    r"(?:(?P<place>place)(?: not completer\((?P<other>[A-Za-z_]\w*)\))?|unit\((?P<which>assignment|lead)\))"
    r"|(?P<person>reporter|mover|deputy)"
    r"|completer\((?P<step>[A-Za-z_][\w]*)\)"
)


class UnknownAddress(errors.Invalid):
    """
    The address “%(address)s” is not in the grammar: role@place, role@place not completer(step), unit(assignment),
    role@unit(lead), reporter, mover, deputy, completer(step).
    """


class NobodyThere(errors.Conflict):
    """Nobody can be found for the address “%(address)s” of this matter. Ask the platform's administrator to fill the post."""


@dataclass(frozen=True)
class Address:
    """A parsed address."""

    kind: Literal["place", "unit", "person", "completer"]
    role: Role | None = None
    name: str = ""
    #: the step whose completer is left out (另一人办理)
    other_than: str = ""


@dataclass(frozen=True)
class Target:
    """What a task stores of its address: exactly one of unit, place and person is set; somebody of a place may be left out."""

    role: str = ""
    unit_id: int | None = None
    place_id: int | None = None
    person_id: int | None = None
    not_person_id: int | None = None


@dataclass(frozen=True)
class Surroundings:
    """What a case knows when an address is resolved."""

    place: Place
    people: Mapping[str, int | None]
    units: Mapping[str, int | None]
    completers: Mapping[str, int]
    #: the day on which a post must be held to count as near; None: whenever it was
    on: date | None = None


def parse(text: str) -> Address:
    """
    Parse an address.

    :raises UnknownAddress: if the text is not in the grammar or names an unknown role
    """
    match = _GRAMMAR.fullmatch(text.strip())
    if (
        match is None
        or (match["role"] and match["role"] not in Role.values)
        or (match["place"] and not match["role"])
    ):
        raise UnknownAddress(address=text)
    role = Role(match["role"]) if match["role"] else None
    if match["place"]:
        return Address("place", role, other_than=match["other"] or "")
    if match["which"]:
        return Address("unit", role, match["which"])
    if match["person"]:
        return Address("person", None, match["person"])
    return Address("completer", None, match["step"])


def resolve(text: str, at: Surroundings) -> Target:
    """
    Turn an address into what a task stores.

    :raises UnknownAddress: if the text is not in the grammar
    :raises NobodyThere: if the case has no such person, unit or post
    """
    address = parse(text)
    if address.kind == "place":
        other = at.completers.get(address.other_than) if address.other_than else None
        found_at = _nearest_place(at, address.role, text, other)
        return Target(role=str(address.role), place_id=found_at, not_person_id=other)
    source: Mapping[str, int | None] = {"unit": at.units, "person": at.people, "completer": at.completers}[
        address.kind
    ]
    found = source.get(address.name)
    if found is None:
        raise NobodyThere(address=text)
    if address.kind == "unit":
        return Target(role=str(address.role or ""), unit_id=found)
    return Target(person_id=found)


def _nearest_place(at: Surroundings, role: Role | None, text: str, other: int | None) -> int:
    posts = Post.objects.covering(at.place).filter(role=role)
    if at.on is not None:
        # Where the last holder left and nobody followed, the task must not wait for ever.
        posts = posts.held_on(at.on)
    places = posts.order_by("-place__path").values_list("place_id", flat=True)
    # Where nobody but the one left out holds the role, the boards say so (无人可办) until a post is filled.
    found = (places.exclude(person=other).first() if other is not None else None) or places.first()
    if found is None:
        raise NobodyThere(address=text)
    return found


def post_that_fits(actor: Actor, target: Target, step: str = "") -> Held | Literal["self"] | None:
    """
    The post through which a target leads to an actor, "self" if it names the person, None if it does not.

    :param step: of the task, for those to whom one step of a post was given
    """
    if target.person_id is not None:
        return "self" if actor.person is not None and actor.person.pk == target.person_id else None
    if _is_left_out(actor.person, target):
        return None
    given = (post for post in actor.given if post.step == step)
    for post in (*sorted(actor.held, key=lambda held: held.on_behalf_of is not None), *given):
        if target.unit_id is not None:
            units = post.unit_ids if not target.role else post.own_units
            if target.unit_id in units and post.role in ((target.role,) if target.role else UNIT_ROLES):
                return post
        elif (post.role, post.place_id) == (target.role, target.place_id) and not _is_left_out(
            post.on_behalf_of, target
        ):
            return post
    return None


def _is_left_out(person: Person | None, target: Target) -> bool:
    """Who decided does not look again, and nobody does it in that person's name."""
    return person is not None and person.pk == target.not_person_id


def leading_to(actor: Actor) -> Q:
    """The condition on tasks that finds those whose target leads to the actor."""
    condition = Q(person=actor.person) if actor.person is not None else Q(pk__in=[])
    for post in actor.held:
        condition |= _leading_through(post, actor.person)
    for post in actor.given:
        condition |= _leading_through(post, actor.person) & Q(step_id=post.step)
    return condition


def _leading_through(post: Held, person: Person | None) -> Q:
    """The condition that finds what leads to a post."""
    left_out = [one.pk for one in (person, post.on_behalf_of) if one is not None]
    here = Q(place=post.place_id, role=post.role)
    condition = here & (Q(not_person=None) | ~Q(not_person__in=left_out))
    if post.unit_ids:
        condition |= Q(unit__in=post.own_units, role=post.role)
    if post.unit_ids and post.role in UNIT_ROLES:
        condition |= Q(unit__in=post.unit_ids, role="")
    return condition


def people_led_to(target: Target, on: date) -> list[int]:
    """The ids of those to whom a target leads on a day; deputising is looked at when they act, not here."""
    if target.person_id is not None:
        return [target.person_id]
    held = Post.objects.held_on(on)
    if target.unit_id is not None:
        roles = [target.role] if target.role else UNIT_ROLES
        held = held.filter(Q(unit=target.unit_id) | _sections_of(target.unit_id, target.role), role__in=roles)
    else:
        held = held.filter(place=target.place_id, role=target.role)
    if target.not_person_id is not None:
        held = held.exclude(person=target.not_person_id)
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())


def is_staffed(unit: Unit, role: Role | None, on: date) -> bool:
    """Whether somebody holds a post on a day to whom `unit(…)` leads, or with a role `role@unit(…)`."""
    held = Post.objects.held_on(on).filter(role__in=[role] if role else UNIT_ROLES)
    return held.filter(Q(unit=unit) | _sections_of(unit.pk, role)).exists()


def _sections_of(unit_id: int, role: str | None) -> Q:
    """Posts of a unit's 科室 that stand for the unit; the head of a 科室 never signs for the bureau."""
    return Q(pk__in=[]) if role == Role.UNIT_HEAD else Q(unit__parent=unit_id)
