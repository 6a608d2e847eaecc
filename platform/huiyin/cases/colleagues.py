"""Who works beside whom: the people of the unit or of the office that a task waits for."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import Task
from huiyin.directory import addresses
from huiyin.directory.models import Person, Post
from huiyin.directory.querysets import PostQuerySet


def beside(task: Task) -> addresses.Target | None:
    """
    To whom one may turn at a task: everybody of its unit and of the unit's 科室, or those with the same post in the same place.

    None where it waits for one person: a citizen or a deputy has no colleagues.
    """
    if task.unit_id is not None:
        return addresses.Target(unit_id=task.unit_id)
    return task.target if task.place_id is not None else None


def posts_beside(task: Task, today: date) -> PostQuerySet:
    """The posts of those to whom one may turn at a task, unit by unit and by name."""
    held = Post.objects.held_on(today).select_related("person", "unit")
    if task.unit_id is not None:
        found = held.in_unit(task.unit_id)
    elif task.place_id is not None:
        found = held.filter(place=task.place_id, role=task.role)
        if task.not_person_id is not None:
            found = found.exclude(person=task.not_person_id)
    else:
        found = held.none()
    return found.order_by("unit__parent_id", "unit__pinyin", "person__pinyin", "person_id")


def grouped(posts: PostQuerySet, without: Person | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """(unit or 科室, its (id, name)) of the holders of posts."""
    found: dict[str, dict[str, str]] = {}
    for post in posts:
        if post.unit is not None and post.person != without:
            found.setdefault(post.unit.name, {})[post.person.public_id] = post.person.name
    return [(unit, list(people.items())) for unit, people in found.items()]
