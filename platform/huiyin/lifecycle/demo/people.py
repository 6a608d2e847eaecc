"""Who acts in the demo: the first person to whom a task's address leads, looked up once."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import Task
from huiyin.cases.recorders import drafter_who_waits
from huiyin.directory import actors, addresses
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction, Person, Post
from huiyin.directory.roles import Role


class Cast:
    """The people of a county by the places where tasks wait."""

    def __init__(self, jurisdiction: Jurisdiction, on: date) -> None:
        self.on = on
        self._actors: dict[int, Actor] = {}
        self._by_place: dict[tuple[str, int], Person] = {}
        self._by_unit: dict[tuple[str, int], list[Person]] = {}
        posts = Post.objects.held_on(on).filter(place__jurisdiction=jurisdiction)
        for post in posts.select_related("person", "unit").order_by("id"):
            self._by_place.setdefault((post.role, post.place_id), post.person)
            parent = post.unit.parent_id if post.unit and post.role != Role.UNIT_HEAD else None
            for unit in {post.unit_id, parent} - {None}:
                self._by_unit.setdefault((post.role, int(unit or 0)), []).append(post.person)

    def actor(self, person: Person) -> Actor:
        """A person with the posts held in the session's year."""
        if person.pk not in self._actors:
            self._actors[person.pk] = actors.actor_of(person, self.on)
        return self._actors[person.pk]

    def at(self, role: Role, place_id: int) -> Actor:
        """Whoever holds a role at a place."""
        return self.actor(self._by_place[role, place_id])

    def head_of(self, unit_id: int) -> Actor:
        """Whoever heads a unit."""
        return self.actor(self._by_unit[Role.UNIT_HEAD, unit_id][0])

    def for_task(self, task: Task) -> Actor:
        """
        Who does a task.

        :raises NobodyThere: if its address leads to nobody
        """
        if task.person is not None:
            return self.actor(task.person)
        if task.unit_id is not None:
            drafter = drafter_who_waits(task)
            for role in (task.role,) if task.role else (Role.HANDLER, Role.UNIT_HEAD):
                for person in self._by_unit.get((role, task.unit_id), []):
                    if person.pk != drafter:
                        return self.actor(person)
        elif (task.role, task.place_id) in self._by_place:
            return self.actor(self._by_place[task.role, int(task.place_id or 0)])
        raise addresses.NobodyThere(address=task.address)
