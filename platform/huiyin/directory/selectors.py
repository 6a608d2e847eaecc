"""Reads that others need: who represents a place."""

from datetime import date

from huiyin.directory.models import Person, Place, Post
from huiyin.directory.roles import Role


def deputies_of(place: Place, on: date) -> list[Person]:
    """Deputies of the place and of every place it lies in, nearest first, then by name."""
    posts = (
        Post.objects.held_on(on).covering(place).filter(role=Role.DEPUTY).select_related("person", "place")
    )
    ordered = sorted(posts, key=lambda post: (-len(post.place.path), post.person.pinyin, post.person_id))
    return list(dict.fromkeys(post.person for post in ordered))
