"""Tables of the cases: the case and its work, and what people wrote for the record."""

from huiyin.cases.models.batches import Batch, BatchRow
from huiyin.cases.models.case import Case, CaseState, CaseText, Fact
from huiyin.cases.models.clock import Clock, ClockChange
from huiyin.cases.models.consulting import Consultation
from huiyin.cases.models.records import (
    Contact,
    DelayNote,
    Delivery,
    Hearing,
    Objection,
    Pressure,
    ProgressNote,
    Rating,
    Recall,
    Reply,
    RouteWish,
    Supplement,
    Transcription,
)
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
from huiyin.cases.models.templates import ReplyTemplate
from huiyin.cases.models.work import Assignment, Completion, Task, Unsent

__all__ = [
    "Ask",
    "AskRating",
    "Assignment",
    "Batch",
    "BatchRow",
    "Case",
    "CaseState",
    "CaseText",
    "Clock",
    "ClockChange",
    "Completion",
    "Consultation",
    "Contact",
    "DelayNote",
    "Delivery",
    "DraftAnswer",
    "DraftReview",
    "Extension",
    "Fact",
    "Hearing",
    "Milestone",
    "Objection",
    "Pressure",
    "ProgressNote",
    "Rating",
    "Recall",
    "Reply",
    "ReplyDraft",
    "ReplyTemplate",
    "RouteWish",
    "Supplement",
    "Task",
    "Transcription",
    "Unsent",
    "Visit",
]
