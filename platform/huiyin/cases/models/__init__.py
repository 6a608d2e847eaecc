"""Tables of the cases: the case and its work, and what people wrote for the record."""

from huiyin.cases.models.case import (
    Assignment,
    Case,
    CaseState,
    CaseText,
    Completion,
    Fact,
    Task,
)
from huiyin.cases.models.clock import Clock, ClockChange
from huiyin.cases.models.records import Contact, Objection, ProgressNote, Rating, Reply

__all__ = [
    "Assignment",
    "Case",
    "CaseState",
    "CaseText",
    "Clock",
    "ClockChange",
    "Completion",
    "Contact",
    "Fact",
    "Objection",
    "ProgressNote",
    "Rating",
    "Reply",
    "Task",
]
