"""What a life came to, told without ids and real times, so that two plays of it can be compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.models import Case, Clock, Completion, Task
from huiyin.history.models import Entry
from huiyin.jobs.models import Incident, Job
from huiyin.notices.models import Notice


def verdict(case_id: int, acknowledged: list[str]) -> dict[str, Any]:
    """
    How a case stands, and what is wrong with it by itself.

    lost: an acknowledged key without a completion; doubled: a key with two; stuck: an open case with no open task, due row
    or incident, or one whose engine waits for other tasks than the table shows.
    """
    case = Case.objects.select_related("state", "definition").get(pk=case_id)
    keys = Counter(Completion.objects.filter(case=case).values_list("key", flat=True))
    return {
        "lost": [key for key in acknowledged if key not in keys],
        "doubled": [key for key, count in keys.items() if count > 1],
        "stuck": _stuck(case),
        "stands": _stands(case),
    }


def _stuck(case: Case) -> str:
    if not hasattr(case, "state"):
        return "the case is there, and where its engine stands is not"
    process = runtime.of(case.definition_id).process
    waiting = engine.look(process, bytes(case.state.state))
    shown = set(Task.objects.open().filter(case=case).values_list("key", flat=True))
    if {task.key for task in waiting.open} != shown:
        return "the engine waits for other tasks than the table shows"
    if case.state.revision != case.revision:
        return "the engine's state is of another revision than the case"
    rows = Job.objects.filter(subject_kind="case", subject_id=case.pk)
    due = rows.filter(status__in=(Job.Status.WAITING, Job.Status.HELD)).exists()
    incidents = Incident.objects.filter(subject_kind="case", subject_id=case.pk, resolved_at=None).exists()
    if case.ended_at is None and not shown and not due and not incidents:
        return "open, and nothing is waited for"
    return ""


def _stands(case: Case) -> dict[str, Any]:
    tasks = Task.objects.filter(case=case).values_list("step_id", "round", "status", "unit__pinyin")
    done = Completion.objects.filter(case=case).order_by("at", "task_id")
    entries = Entry.objects.filter(subject_kind="case", subject_id=case.pk).order_by("seq")
    clocks = Clock.objects.filter(case=case)
    # Rows that are done are tidied away by the platform's own worker, for which the life lies in the past.
    jobs = Job.objects.filter(subject_kind="case", subject_id=case.pk).exclude(status=Job.Status.DONE)
    notices = Notice.objects.filter(subject_kind="case", subject_id=case.pk)
    return {
        "case": [case.stage, case.round, case.outcome, case.closed_at is None, case.ended_at is None, case.revision],
        "tasks": sorted(map(str, tasks)),
        "done": list(map(str, done.values_list("task__step_id", "key", "task__round"))),
        "entries": list(entries.values_list("kind", flat=True)),
        "clocks": sorted(map(str, clocks.values_list("rule__code", "round", "due_on", "met_at", "stopped_at"))),
        "jobs": sorted(map(str, jobs.values_list("kind", "due_at", "status"))),
        "notices": sorted(notices.values_list("kind", flat=True)),
        "rows": _rows(case),
    }  # fmt: skip


def _rows(case: Case) -> dict[str, int]:
    """How many rows of each model hang on the case."""
    counted = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Case and model is not Case:
                key = f"{model.__name__}.{field.name}"
                counted[key] = model._default_manager.filter(**{field.name: case}).count()
    return {name: count for name, count in sorted(counted.items()) if count}
