"""The recorders of the field kinds whose rows belong to cases; importing this package registers them."""

from huiyin.cases.recorders import (
    assigning,
    basics,
    extending,
    planning,
    rating,
    replying,
    transcribing,
    working,
)
from huiyin.cases.recorders.assigning import move_assignment
from huiyin.cases.recorders.replying import drafter_who_waits

__all__ = [
    "assigning",
    "basics",
    "drafter_who_waits",
    "extending",
    "move_assignment",
    "planning",
    "rating",
    "replying",
    "transcribing",
    "working",
]
