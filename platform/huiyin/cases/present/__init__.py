"""Frozen values that pages and API only render."""

from huiyin.cases.present.badges import Badge, due_badge
from huiyin.cases.present.case import CaseView, LinkView, case
from huiyin.cases.present.clocks import ClockView, answer_clock_of, clocks_of
from huiyin.cases.present.diagrams import DiagramView, diagrams_of, drawn_in
from huiyin.cases.present.handing import HandedTo, handed_to
from huiyin.cases.present.history import EntryView, entries_of
from huiyin.cases.present.incidents import IncidentRow, incident_rows
from huiyin.cases.present.rounds import CLASSES, AskView, RoundView
from huiyin.cases.present.task import (
    TaskRow,
    calls_of,
    colleagues,
    counted_by_step,
    in_words,
    people_beside,
    step_name,
    step_titles,
    steps_of,
    task_row,
    waiting_on,
    with_returned_draft,
)
from huiyin.cases.present.unheard import CallRow, call_rows

__all__ = [
    "CLASSES",
    "AskView",
    "Badge",
    "CallRow",
    "CaseView",
    "ClockView",
    "DiagramView",
    "EntryView",
    "HandedTo",
    "IncidentRow",
    "LinkView",
    "RoundView",
    "TaskRow",
    "answer_clock_of",
    "call_rows",
    "calls_of",
    "case",
    "clocks_of",
    "colleagues",
    "counted_by_step",
    "diagrams_of",
    "drawn_in",
    "due_badge",
    "entries_of",
    "handed_to",
    "in_words",
    "incident_rows",
    "people_beside",
    "step_name",
    "step_titles",
    "steps_of",
    "task_row",
    "waiting_on",
    "with_returned_draft",
]
