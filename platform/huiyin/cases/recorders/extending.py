"""Recorders of 延期答复申请: a unit asks for more time, the congress office rules."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from huiyin.cases import errors
from huiyin.cases.deadlines import ANSWERING, check_longest, move_due
from huiyin.cases.models import Clock, ClockChange, Extension
from huiyin.cases.recorders.common import unit_of, written
from huiyin.cases.recording import Act, recorder
from huiyin.forms.document import Field


@recorder("extension")
def ask_for_time(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Write a unit's request for more time.

    :raises ExtensionBackwards: if the day asked for is not later than the present due date
    """
    clock, to = _answer_clock(act), date.fromisoformat(value["to"])
    if clock is not None and to <= clock.due_on:
        raise errors.ExtensionBackwards
    unit = unit_of(act)
    Extension.objects.create(**written(act), unit=unit, to=to, reason=value["reason"])
    act.say("extension_asked", unit=unit.name if unit else "", to=to)


@recorder("extension_ruling")
def rule_on_time(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Rule on the newest request; a granted one moves the deadline of the answer.

    :raises NoExtensionAsked: if none waits
    :raises ClockNotRunning: if there is no deadline to move any more
    :raises ExtensionBackwards: if the new day is not later than the present due date
    :raises ExtensionTooLong: if it is later than the rules allow at all
    :raises NotInCalendar: if the calendar's table does not reach that far
    """
    waiting = Extension.objects.select_for_update().filter(
        case=act.case, round=act.case.round, granted__isnull=True
    )
    asked = waiting.order_by("-at", "-id").first()
    if asked is None:
        raise errors.NoExtensionAsked
    asked.granted = value["decision"] == "granted"
    asked.ruling, asked.ruled_by, asked.ruled_at = value["reason"], act.person, act.now
    if asked.granted:
        asked.granted_to = date.fromisoformat(value["to"]) if value.get("to") else asked.to
        _move(act, asked.granted_to, asked.reason)
    asked.save()
    act.routing["extension"] = value["decision"]
    act.say("extension_ruled", granted=asked.granted or None, to=asked.granted_to)


def _answer_clock(act: Act) -> Clock | None:
    """The case's own running deadline of the answer, the one due first."""
    running = Clock.objects.filter(case=act.case, task=None, met_at=None, stopped_at=None)
    answering = [Q(rule__code__endswith=ending) for ending in ANSWERING]
    return running.filter(reduce(or_, answering)).select_related("rule").order_by("due_on", "id").first()


def _move(act: Act, to: date, reason: str) -> None:
    clock = _answer_clock(act)
    if clock is None:
        raise errors.ClockNotRunning
    if to <= clock.due_on:
        raise errors.ExtensionBackwards
    if not act.calendar.first <= to.year < act.calendar.last:
        raise errors.NotInCalendar
    check_longest(act, clock, to)
    move_due(clock, to=to, why=ClockChange.Why.EXTENSION, act=act, reason=reason)
