"""Frozen values that pages and API only render."""

from huiyin.cases.present.badges import Badge, due_badge
from huiyin.cases.present.case import CaseView, case
from huiyin.cases.present.clocks import ClockView, clocks_of
from huiyin.cases.present.history import EntryView, entries_of
from huiyin.cases.present.rounds import AskView, RoundView
from huiyin.cases.present.task import TaskRow, task_row, waiting_on

__all__ = [
    "AskView",
    "Badge",
    "CaseView",
    "ClockView",
    "EntryView",
    "RoundView",
    "TaskRow",
    "case",
    "clocks_of",
    "due_badge",
    "entries_of",
    "task_row",
    "waiting_on",
]
