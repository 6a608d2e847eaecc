"""Suggestions that stand at many different steps, a changed diagram for them, and what must be the same after a move."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from huiyin.cases import services
from huiyin.cases.models import (
    Ask,
    Assignment,
    Case,
    CaseState,
    Clock,
    ClockChange,
    Consultation,
    DraftAnswer,
    ReplyDraft,
    Task,
)
from huiyin.core import ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import actors
from huiyin.files.models import Attachment
from huiyin.jobs.models import Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, scenarios, storing, virtual
from huiyin.lifecycle.bundle import Bundle
from tests.letters import joint

SUGGESTION = bundles.read("suggestion")
#: Told about one suggestion from its start to its end; those about several are left out.
TOLD = [
    one for one in SUGGESTION.scenarios if not {"also", "beside"} & set(one) and "split" not in one["file"]
]
RENAMED = {"sign": "sign_for"}
INSERTED = "second_look"

_STEP = """
      <userTask id="second_look" name="复核拟办单位"><extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="form" value="second_look"/>
        <spiffworkflow:property name="address" value="government_office@place"/>
        <spiffworkflow:property name="stage" value="hand_over"/></spiffworkflow:properties></extensionElements></userTask>
      <sequenceFlow id="f_looked" sourceRef="second_look" targetRef="previewing"/>
      <boundaryEvent id="propose_short" name="人数不足" attachedToRef="propose">
        <messageEventDefinition id="propose_short_def" messageRef="message_short"/></boundaryEvent>
      <sequenceFlow id="f_short" sourceRef="propose_short" targetRef="hand_over"/>
      <exclusiveGateway id="g_assigned" name="分办完？" default="f_all_assigned"/>
      <sequenceFlow id="f_all_assigned" sourceRef="g_assigned" targetRef="a_end"/>
      <sequenceFlow id="f_assign_again" sourceRef="g_assigned" targetRef="assign">
        <conditionExpression xsi:type="tFormalExpression">screening == "never"</conditionExpression></sequenceFlow>
"""
_FORM = {
    "title": {"zh": "复核拟办单位", "en": "Look again"},
    "schema": {"type": "object", "properties": {"said": {"maxLength": 200}}, "required": []},
    "ui": {"order": ["said"], "fields": {"said": {"kind": "text", "label": {"zh": "意见", "en": "Remark"}}}},
}


def changed() -> Bundle:
    """A step put in, a step renamed, a boundary event and a gateway added."""
    text = SUGGESTION.diagram.decode()
    for was, now in RENAMED.items():
        text = re.sub(
            rf'((?:\bid|sourceRef|targetRef|bpmnElement|attachedToRef)=)"{was}"', rf'\1"{now}"', text
        )
    message = '  <message id="message_short" name="signatures.short"/>\n'
    text = text.replace('  <process id="suggestion"', message + '  <process id="suggestion"')
    text = text.replace(
        'sourceRef="propose" targetRef="previewing"', 'sourceRef="propose" targetRef="second_look"'
    )
    text = text.replace('sourceRef="assign" targetRef="a_end"', 'sourceRef="assign" targetRef="g_assigned"')
    text = text.replace('      <endEvent id="a_end"/>', '      <endEvent id="a_end"/>' + _STEP)
    return replace(SUGGESTION, diagram=text.encode(), forms={**SUGGESTION.forms, "second_look": _FORM})


def store(town: sandbox.Town, bundle: Bundle, version: int) -> Definition:
    return storing.store(
        bundle, town.jurisdiction, version=version, by=None, now=scenarios.moment("2026-02-02 08:00")
    )


def begin(town: sandbox.Town, definition: Definition, scenario: dict[str, Any]) -> tuple[Case, datetime]:
    now = scenarios.moment(scenario["received"])
    place = town.place_for(SUGGESTION.levels, scenario.get("place"))
    return scenarios._start(definition, town, place, scenario["report"], now), now


def go_on(
    town: sandbox.Town,
    case: Case,
    scenario: dict[str, Any],
    now: datetime,
    start: int,
    stop: int | None = None,
) -> datetime:
    """The steps of a scenario from one to another; what the new diagram puts in between is done on the way."""
    for number, step in list(enumerate(scenario["steps"]))[start:stop]:
        now += timedelta(minutes=10)
        _do_inserted(town, case, now)
        if "wait" in step:
            now = scenarios.moment(step["wait"])
            virtual.pass_time(case.pk, now)
        elif "withdraw" in step:
            services.withdraw_case(
                case=case, reason=step["withdraw"], by=actors.reporter(case.reporter), now=now
            )
        elif act := next((name for name in scenarios._ACTS if name in step), None):
            with time_source.standing_at(now):
                scenarios._ACTS[act](town, case, step[act], now)
        else:
            case.refresh_from_db()
            told = RENAMED.get(step["do"], step["do"]) if case.definition.version == 2 else step["do"]
            answers = joint(step.get("answers", {}))
            scenarios._do(town, case, scenario, number, {**step, "do": told, "answers": answers}, now)
    _do_inserted(town, case, now)
    case.refresh_from_db()
    return now


def _do_inserted(town: sandbox.Town, case: Case, now: datetime) -> None:
    for task in Task.objects.open().filter(case=case, step_id=INSERTED).select_related("case__reporter"):
        with time_source.standing_at(now):
            services.complete_task(task=task, answers={}, by=town.actor_for(task), now=now, key=task.key)


def populate(
    town: sandbox.Town, definition: Definition, count: int
) -> list[tuple[Case, dict[str, Any], int, datetime]]:
    """Running cases, each with its scenario, how far it has come and when; a claim here and there."""
    found = []
    number = 0
    while len(found) < count:
        scenario = TOLD[number % len(TOLD)]
        upto = (number // len(TOLD) * 3 + number) % (len(scenario["steps"]) + 1)
        number += 1
        case, now = begin(town, definition, scenario)
        now = go_on(town, case, scenario, now, 0, upto)
        if case.ended_at is None:
            found.append((case, scenario, upto, now))
            _take_one(town, case, now)
    return found


def _take_one(town: sandbox.Town, case: Case, now: datetime) -> None:
    task = Task.objects.open().filter(case=case, unit__isnull=False).select_related("case__reporter").first()
    if task is not None and case.pk % 3 == 0:
        services.take_task(task=task, by=town.actor_for(task), now=now)


def multiply(cases: list[Case], count: int) -> None:
    """
    Copy cases, row by row, until there are so many: a thousand that were played take a quarter of an hour to play.

    A copy has the same engine state: keys of tasks are told apart by their case. It can be moved, not played on.
    """
    for number in range(count - len(cases)):
        pk = cases[number % len(cases)].pk
        known: dict[tuple[type[Model], Any], Any] = {}
        row, state = Case.objects.get(pk=pk), CaseState.objects.get(pk=pk)
        case = _copied(row, known, number=f"{row.number}-{number}", source_key=None)
        CaseState.objects.create(case=case, state=state.state, revision=state.revision)
        for model in (Assignment, Ask, Task, Clock, ReplyDraft):
            for one in model._default_manager.filter(case=pk).order_by("pk"):
                _copied(one, known)
        for answer in DraftAnswer.objects.filter(draft__case=pk):
            _copied(answer, known)
        for job in Job.objects.filter(subject_kind="case", subject_id=pk):
            _copied(job, known, subject_id=case.pk, key=f"{job.key}-{number}")


def _copied(row: Any, known: dict[tuple[type[Model], Any], Any], **changed: Any) -> Any:
    kind, pk = type(row), row.pk
    row.pk, row._state.adding = None, True
    if hasattr(row, "public_id"):
        row.public_id = ids.new_id()
    for field in row._meta.concrete_fields:
        there = (field.related_model, getattr(row, field.attname, None))
        if field.is_relation and there in known:
            setattr(row, field.name, known[there])
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
    known[kind, pk] = row
    return row


#: Whatever is not the engine's state must come through a move untouched.
KEPT: tuple[tuple[type[Model], frozenset[str]], ...] = (
    (Clock, frozenset()),
    (ClockChange, frozenset()),
    (ReplyDraft, frozenset()),
    (DraftAnswer, frozenset()),
    (Attachment, frozenset()),
    (Consultation, frozenset()),
    (Assignment, frozenset()),
    (Task, frozenset({"step_id", "name", "done_under_id"})),
)


def kept() -> dict[str, list[tuple[Any, ...]]]:
    """Clocks, drafts, staged answers, holders and due dates, and the jobs of cases (marks)."""
    found = {}
    for model, moved in KEPT:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in moved]
        found[model.__name__] = list(model._default_manager.order_by("pk").values_list(*names))
    jobs = Job.objects.filter(subject_kind="case").order_by("pk")
    found["Job"] = list(jobs.values_list("pk", "kind", "key", "due_at", "status", "group", "subject_id"))
    return found


def whole() -> dict[str, list[tuple[Any, ...]]]:
    """All that a reverted batch must give back, the engine's state and the steps' names too."""
    tasks = Task.objects.order_by("pk").values_list(
        "pk", "step_id", "name", "done_under_id", "form", "address"
    )
    cases = Case.objects.order_by("pk").values_list("pk", "definition_id", "stage", "closed_at", "outcome")
    states = [(pk, bytes(state)) for pk, state in CaseState.objects.order_by("pk").values_list("pk", "state")]
    return {**kept(), "tasks": list(tasks), "cases": list(cases), "states": states}
