"""Tasks as rows of a list: what, about which matter, due when, whose turn, since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.colleagues import grouped, posts_beside
from huiyin.cases.models import Case, CaseState, DraftReview, Task
from huiyin.cases.present.badges import Badge, due_badge
from huiyin.core.languages import is_english
from huiyin.definitions.models import Definition
from huiyin.directory.models import Person
from huiyin.directory.roles import Role
from huiyin.forms.document import in_language


@dataclass(frozen=True)
class TaskRow:
    """One task in a list."""

    id: str
    name: str
    form: str
    number: str
    case_id: str
    title: str
    place: str
    round: int
    who: str
    since: datetime
    due_on: date | None
    badge: Badge | None
    claimed_by: str
    claimed_by_me: bool
    inside_due_on: date | None
    #: it waits for this one person: nothing to share out
    personal: bool
    revision: int
    #: nobody holds the post it waits for (无人可办); only lists that ask for it know
    nobody: bool = False
    #: the unit whose part an office's task is about: a ruling on its objection, say
    part: str = ""


def task_row(task: Task, today: date, person_id: int | None = None) -> TaskRow:
    """Present a task read with `with_what_rows_show()`."""
    return TaskRow(
        id=task.public_id,
        name=step_name(task),
        form=task.form,
        number=task.case.number,
        case_id=task.case.public_id,
        title=task.case.title,
        place=task.case.place.full_name,
        round=task.round,
        who=whose_turn(task),
        since=task.opened_at,
        due_on=task.due_on,
        badge=None if task.after_close and task.unit_id is None else due_badge(task.due_on, today),
        claimed_by=task.claimed_by.name if task.claimed_by else "",
        claimed_by_me=task.claimed_by_id is not None and task.claimed_by_id == person_id,
        inside_due_on=task.inside_due_on,
        personal=task.person_id is not None,
        revision=task.revision,
        nobody=getattr(task, "nobody", False),
        part=task.assignment.unit.name if task.assignment and task.unit_id is None else "",
    )


def with_returned_draft(tasks: Iterable[Task]) -> frozenset[str]:
    """The ids of the tasks at which a draft waits to be written anew (退回修改)."""
    drafting = [
        task for task in tasks if "reply_draft" in runtime.document_of(task, task.case.definition_id).kinds
    ]
    if not drafting:
        return frozenset()
    returned = DraftReview.objects.filter(
        decision="return", draft__case__in=[task.case_id for task in drafting]
    )
    # What returns a draft opens the task at the same moment.
    moments = set(returned.values_list("draft__case_id", "at"))
    return frozenset(task.public_id for task in drafting if (task.case_id, task.opened_at) in moments)


def step_name(task: Task) -> str:
    """The step's name as drawn; where the page is not Chinese, the title of its form."""
    return in_words(task.name, task.done_under_id or task.case.definition_id, task.form)


def in_words(name: str, definition_id: int, form: str) -> str:
    """A step's name in the reader's language; diagrams name theirs in Chinese alone."""
    if not is_english():
        return name
    return in_language(runtime.of(definition_id).documents[form].title)


def step_titles(definition_id: int) -> dict[str, str]:
    """The names of a process's steps as it draws them, each with the title of its form in the reader's language."""
    run = runtime.of(definition_id)
    steps = [step for step in run.process.steps.values() if step.props.get("form") in run.documents]
    return {step.name: in_language(run.documents[step.props["form"]].title) for step in steps}


def counted_by_step(tasks: QuerySet[Task]) -> list[dict[str, Any]]:
    """How many tasks wait at each step of each version of a process."""
    return list(
        tasks.order_by().values("step_id", "name", "form", "case__definition_id").annotate(n=Count("id"))
    )


def steps_of(counted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps at which counted tasks wait, by their names in the reader's language, each with how many; most first."""
    found: dict[str, dict[str, Any]] = {}
    for row in counted:
        name = in_words(row["name"], row["case__definition_id"], row["form"])
        step = found.setdefault(row["step_id"], {"step_id": row["step_id"], "name": name, "n": 0})
        step["n"] += row["n"]
    return sorted(found.values(), key=lambda step: (-step["n"], step["step_id"]))


def colleagues(task: Task, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """(unit or 科室, its (id, name)) of those to whom a unit's task can be given; none where it waits for an office."""
    if task.unit_id is None or task.role:
        return []
    return grouped(posts_beside(task, today))


def people_beside(task: Task, today: date, person: Person | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """(unit or 科室, its (id, name)) of the colleagues whom a person may ask at a task (加签, 传阅)."""
    return grouped(posts_beside(task, today), without=person)


def whose_turn(task: Task) -> str:
    """Whom a task waits for, by office and never by a citizen's name."""
    if task.unit is not None:
        return task.unit.name
    if task.place is not None:
        return _("%(place)s%(office)s") % {"place": task.place.name, "office": Role(task.role).office}
    if task.address == "deputy" and task.person is not None:
        return _("%(name)s 代表") % {"name": task.person.name}
    return _("提出人") if _is_moved(task.case.definition_id) else _("反映人")


@lru_cache(maxsize=256)
def _is_moved(definition_id: int) -> bool:
    """Whether only certain posts may start it; a definition never changes."""
    return bool(Definition.objects.values_list("starters", flat=True).get(pk=definition_id))


def calls_of(case: Case) -> tuple[str, ...]:
    """The names of the service tasks whose calls a case waits for now; most processes have none and cost no query."""
    run = runtime.of(case.definition_id)
    if not run.calls:
        return ()
    state = CaseState.objects.values_list("state", flat=True).get(case=case)
    waiting = (run.process.steps[task.step_id] for task in engine.look(run.process, bytes(state)).open)
    return tuple(step.name for step in waiting if step.kind == runtime.CALLING)


def waiting_on(case: Case, today: date) -> tuple[TaskRow, ...]:
    """The tasks a case waits on now: whose turn it is and since when."""
    waiting = Task.objects.open().that_is_work().filter(case=case)
    rows: Iterable[Task] = waiting.with_what_rows_show().with_nobody(today)
    return tuple(task_row(task, today) for task in rows)
