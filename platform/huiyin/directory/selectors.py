"""Reads that others need: who represents a place, and which station answers its telephone."""

from datetime import date

from huiyin.directory.models import Person, Place, Post, Unit
from huiyin.directory.roles import Role


def deputies_of(place: Place, on: date) -> list[Person]:
    """Deputies of the place and of every place it lies in, nearest first, then by name."""
    return list(
        dict.fromkeys(post.person for post in representatives_of(place, on) if post.role == Role.DEPUTY)
    )


def representatives_of(place: Place, on: date) -> list[Post]:
    """The posts of deputies of every level, from 村民代表 upwards: whom a person of the place may turn to."""
    held = Post.objects.held_on(on).covering(place)
    posts = held.filter(role__in=[Role.DEPUTY, Role.VILLAGE_DEPUTY])
    return sorted(
        posts.select_related("person", "place", "term__place"),
        key=lambda post: (-len(post.place.path), post.person.pinyin, post.person_id),
    )


def front_office() -> Unit | None:
    """The congress office with a telephone of the highest place; none where several counties share an installation."""
    offices = Unit.objects.filter(kind=Unit.Kind.CONGRESS_OFFICE, place__jurisdiction__is_trial=False)
    known = list(offices.exclude(telephone="").select_related("place").order_by("place__path", "id"))
    return known[0] if len({one.place.jurisdiction_id for one in known}) == 1 else None


def station_of(place: Place) -> Unit | None:
    """The 联络站 of the place, or of the nearest place it lies in that has one."""
    stations = Unit.objects.filter(kind=Unit.Kind.STATION, place__code__in=place.codes)
    return stations.select_related("place").order_by("-place__path", "id").first()
