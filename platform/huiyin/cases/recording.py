"""What a recorder is given: the act under way, and where to put lines, routing facts and notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from huiyin.cases.models import Case, Reply, Task, Transcription
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.forms.document import Field
from huiyin.history.services import Line
from huiyin.notices.services import Message
from huiyin.rules import selectors as rules
from huiyin.rules.calendar import Calendar


@dataclass(frozen=True)
class Footing:
    """Where the engine stood before a step, and what the step must put back when it is recalled."""

    before: bytes
    undo: dict[str, Any]


@dataclass
class Act:
    """One service at work on a locked case; collected and written once, at its end."""

    case: Case
    by: Actor
    now: datetime
    task: Task | None = None
    on_behalf_of: Person | None = None
    lines: list[Line] = field(default_factory=list)
    routing: dict[str, Any] = field(default_factory=dict)
    notices: list[Message] = field(default_factory=list)
    #: the reason a person gave for an end other than an answer
    reason: str = ""
    #: how it came, where an office enters it for the one who said it (代录)
    transcription: Transcription | None = None
    #: what can be recalled (收回) once the act is done: its own step the last
    footings: list[Footing] = field(default_factory=list)
    #: the idempotency key of a progress note
    key: str | None = None
    #: the day of what the act records, where it says one (交办日期, 送达日期): the clocks that begin count from it
    first_day: date | None = None
    #: days that the act's form gives to events, by the words with which rules name them (主席团决定)
    event_days: dict[str, date] = field(default_factory=dict)

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar, read once an act."""
        return rules.calendar()

    @property
    def person(self) -> Person:
        """Who acts; every act of a person has one."""
        if self.by.person is None:
            raise ValueError("an act needs a person; marks act through the system's own path")
        return self.by.person

    @property
    def said_at(self) -> datetime:
        """When what is recorded was said: the moment of the act, or when the paper came that it enters."""
        if self.transcription is None:
            return self.now
        return time_source.moment_within(self.transcription.received_on, self.now)

    def say(self, kind: str, **facts: object) -> None:
        """Remember a line of history."""
        self.lines.append(
            Line(kind, {name: value for name, value in facts.items() if value not in (None, "", [])})
        )

    def notify(self, person_id: int | None, kind: str, key: str, **facts: object) -> None:
        """Tell someone, unless it is the one who acts."""
        if person_id is not None and (self.by.person is None or person_id != self.by.person.pk):
            self.notices.append(Message(person_id, kind, f"{kind}:{self.case.pk}:{key}:{person_id}", facts))


Recorder = Callable[[Act, Field, Any], None]
_recorders: dict[str, Recorder] = {}
#: Asked before a case is withdrawn; each raises a refusal when it must not be (a joint suggestion needs all who signed).
may_withdraw_checks: list[Callable[[Case], None]] = []
#: Told of every reply in the act that gives it, by packages above (those whose matters a suggestion came from).
after_reply: list[Callable[[Act, Reply], None]] = []


def recorder(*kinds: str) -> Callable[[Recorder], Recorder]:
    """Register what a field kind writes into tables."""

    def register(function: Recorder) -> Recorder:
        for kind in kinds:
            _recorders[kind] = function
        return function

    return register


def registered() -> frozenset[str]:
    """Field kinds that have a recorder."""
    return frozenset(_recorders)


def record(act: Act, field: Field, value: Any) -> None:
    """Let the recorder of a field's kind write its row."""
    _recorders[field.kind.name](act, field, value)
