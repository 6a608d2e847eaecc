"""What was handed over on a day (交办): the rows, the units that receive them, and whether each can still be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from huiyin.cases import runtime, services
from huiyin.cases.models import Assignment, Clock, Completion, Task
from huiyin.congress.importing import categories_of
from huiyin.congress.models import Registration
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Unit

#: The kind of a field that hands over, and the answer that it leaves.
KIND, ANSWER = "handover", "answers__handover__on"


@dataclass(frozen=True)
class Row:
    """One matter that was handed over."""

    task: Task
    number: str
    title: str
    case_id: str
    mover: str
    category: str
    lead: Unit | None
    co: tuple[Unit, ...]
    due_on: date | None
    #: whether the actor may still take it back; the service looks again
    recallable: bool

    @property
    def units(self) -> tuple[Unit, ...]:
        """All that have a part in it, lead first."""
        return (*((self.lead,) if self.lead else ()), *self.co)


def _handed(actor: Actor) -> QuerySet[Completion]:
    """The completions with which matters were handed over, of the kinds of matters that are."""
    forms = {
        (row.pk, name)
        for row in Definition.objects.visible_to(actor).filter(jurisdiction=_own(actor)).only("pk")
        for name, document in runtime.of(row.pk).documents.items()
        if KIND in document.kinds
    }
    done = Completion.objects.visible_to(actor).filter(task__status=Task.Status.DONE, answers__has_key=KIND)
    return done.filter(
        case__definition_id__in={pk for pk, _name in forms}, task__form__in={name for _pk, name in forms}
    )


def _own(actor: Actor) -> int:
    return actor.person.jurisdiction_id if actor.person else 0


def days(actor: Actor, most: int = 12) -> list[tuple[date, int]]:
    """(day, how many matters) on which was handed over, the latest first."""
    counted = _handed(actor).order_by().values_list(ANSWER).annotate(n=Count("pk"))
    found = [(date.fromisoformat(day), n) for day, n in counted]
    return sorted(found, reverse=True)[:most]


def rows_of(actor: Actor, on: date) -> list[Row]:
    """The matters that were handed over on a day, in the order of their numbers."""
    done = list(_handed(actor).filter(**{ANSWER: on.isoformat()}).select_related("task", "case__reporter"))
    cases = [one.case_id for one in done]
    registered = {row.case_id: row for row in Registration.objects.filter(case__in=cases)}
    units: dict[int, list[Assignment]] = {}
    for part in Assignment.objects.filter(case__in=cases).select_related("unit").order_by("-part", "id"):
        units.setdefault(part.case_id, []).append(part)
    answers = Clock.objects.filter(case__in=cases, rule__code__endswith=".answer").order_by("round")
    due = dict(answers.values_list("case_id", "due_on"))
    held = services.still_held(done)
    found = [
        _row(
            one,
            units.get(one.case_id, []),
            registered.get(one.case_id),
            due.get(one.case_id),
            recallable=actor.person is not None and one.by_id == actor.person.pk and one.task_id in held,
        )
        for one in done
    ]
    order = {
        row.task.case_id: registered[row.task.case_id].number
        for row in found
        if row.task.case_id in registered
    }
    return sorted(found, key=lambda row: (order.get(row.task.case_id, 0), row.task.pk))


def _row(
    done: Completion,
    parts: list[Assignment],
    registered: Registration | None,
    due_on: date | None,
    *,
    recallable: bool,
) -> Row:
    case = done.case
    now = [part for part in parts if part.round == max(one.round for one in parts)]
    words = categories_of(case.definition).get(registered.category, {}) if registered else {}
    return Row(
        task=done.task,
        number=case.number,
        title=case.title,
        case_id=case.public_id,
        mover=case.reporter.name,
        category=words.get("zh", ""),
        lead=next((part.unit for part in now if part.part == Assignment.Part.LEAD), None),
        co=tuple(part.unit for part in now if part.part == Assignment.Part.CO),
        due_on=due_on,
        recallable=recallable,
    )


def receivers(rows: Iterable[Row]) -> list[tuple[Unit, int]]:
    """(unit, how many matters) of those that have a part in what was handed over, by name."""
    found: dict[Unit, int] = {}
    for row in rows:
        for unit in row.units:
            found[unit] = found.get(unit, 0) + 1
    return sorted(found.items(), key=lambda pair: (pair[0].pinyin, pair[0].pk))
