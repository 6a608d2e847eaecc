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
from huiyin.cases.models.consulting import Consultation
from huiyin.cases.models.records import Contact, Objection, ProgressNote, Rating, Reply
from huiyin.cases.models.suggesting import (
    Ask,
    AskRating,
    DraftAnswer,
    DraftReview,
    Extension,
    Milestone,
    ReplyDraft,
    Visit,
)

__all__ = [
    "Ask",
    "AskRating",
    "Assignment",
    "Case",
    "CaseState",
    "CaseText",
    "Clock",
    "ClockChange",
    "Completion",
    "Consultation",
    "Contact",
    "DraftAnswer",
    "DraftReview",
    "Extension",
    "Fact",
    "Milestone",
    "Objection",
    "ProgressNote",
    "Rating",
    "Reply",
    "ReplyDraft",
    "Task",
    "Visit",
]
