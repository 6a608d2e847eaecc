"""
A grid: one step of many matters as rows, each with the fields of its own form.

Driven by the form: what is chosen, named or written in a line stands in the row; an option that asks for more is left to the
task's own page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from huiyin.cases import present, runtime
from huiyin.cases.models import Assignment, Task
from huiyin.cases.present.choices import units_of
from huiyin.congress import alike
from huiyin.congress.models import Signature
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.files.models import Attachment
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.forms.document import Document, in_language
from huiyin.rules.models import Profile
from huiyin.web import proposing, row_form, row_notes

#: Before the name of a field: of one row, and of what all chosen rows get where they say nothing themselves.
ROW, ALL = "r-", "all."


class RowPosted:
    """What a posted grid says of one row: its own words, else a chosen phrase, else what was said for all."""

    def __init__(self, posted: QueryDict, *prefixes: str) -> None:
        self.posted, self.prefixes = posted, prefixes

    def get(self, key: str, default: Any = None) -> Any:
        """The first that says something."""
        for prefix in self.prefixes:
            for name in (f"{prefix}{key}", f"{prefix}{key}.phrase"):
                if (value := self.posted.get(name, "")).strip():
                    return value
        return default

    def getlist(self, key: str) -> list[Any]:
        """The values of the first that says something."""
        return next((found for one in self.prefixes if (found := self.posted.getlist(f"{one}{key}"))), [])


@dataclass(frozen=True)
class Kept:
    """What was typed in a row that is still open, and why it was refused."""

    values: Mapping[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    chosen: bool = False
    #: on which it was typed, so that an old one ends in a sentence when it is sent
    revision: int | None = None


@dataclass(frozen=True)
class Row:
    """One matter with the fields of its step."""

    task: present.TaskRow
    words: str
    asks: tuple[tuple[int, str], ...]
    mover: str
    signed: int
    fields: tuple[rendering.FieldView, ...]
    kept: Kept
    #: the units that have a part in it, lead first
    units: str = ""
    #: what the one who asked sent with it, as far as the actor sees the case
    photos: tuple[Attachment, ...] = ()
    #: how many matters say much the same
    alike: int = 0
    notes: row_notes.Notes = field(default_factory=row_notes.Notes)


@dataclass(frozen=True)
class Grid:
    """The rows, the fields that are said for all, and which field lets which others be seen."""

    rows: tuple[Row, ...]
    all: tuple[rendering.FieldView, ...]
    title: str
    submit: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    #: value of the deciding field -> its key on the keyboard
    letters: Mapping[str, str]
    #: the name of the deciding field
    decides: str
    #: whether an option was left to the task's own page
    has_more: bool

    @property
    def way_on(self) -> str:
        """The first option of what decides: what it asks stands in a row before anything is chosen."""
        return next(iter(self.letters), "")


def read(document: Document, posted: QueryDict, task_id: str, *, with_all: bool) -> dict[str, Any]:
    """The answers of one row."""
    prefixes = (f"{ROW}{task_id}.", ALL) if with_all else (f"{ROW}{task_id}.",)
    return forms.read(document, RowPosted(posted, *prefixes))


def of(
    tasks: Sequence[Task],
    kept: Mapping[str, Kept],
    actor: Actor,
    today: date,
    posted: QueryDict | None = None,
) -> Grid | None:
    """
    The grid of tasks of one form, read with `with_what_rows_show()`; None if there are none.

    :param posted: what was said for all rows is kept from it
    """
    if not tasks:
        return None
    document = runtime.document_of(tasks[0], tasks[0].case.definition_id)
    units = units_of(tasks[0].case.jurisdiction_id)
    known, about = proposing.offered(tasks, document, actor), _About(tasks, document, actor)
    choices = dict.fromkeys(("units", "ruling", proposing.RECEIVER), units)
    rows = []
    for task in tasks:
        one = kept.get(task.public_id, Kept({}))
        said: dict[str, Any] = {"values": {**known.get(task.pk, {}), **one.values}, "problems": one.problems}
        rules = about.profiles[task.case.profile_id]
        view = rendering.view(document, **said, choices=choices, prefix=f"{task.public_id}-", cites=rules)
        fields = row_form.shown(document, view, f"{ROW}{task.public_id}.")
        rows.append(about.row(task, fields, one, today))
    blank, for_all = _for_all(document, choices, about.profiles[tasks[0].case.profile_id], posted)
    return Grid(
        rows=tuple(rows),
        all=for_all,
        title=in_language(document.title),
        submit=in_language(document.ui.get("submit")),
        conditions=blank.conditions,
        letters=row_form.letters(document),
        decides=row_form.decides(document),
        has_more=bool(row_form.left_out_of(document)),
    )


def _for_all(
    document: Document, choices: Mapping[str, rendering.Choices], profile: str, posted: QueryDict | None
) -> tuple[rendering.FormView, tuple[rendering.FieldView, ...]]:
    """The form without a row, and the fields of it that can be said for all chosen rows."""
    said = forms.read(document, RowPosted(posted, ALL)) if posted else {}
    blank = rendering.view(document, values=said, choices=choices, prefix="all-", cites=profile)
    fields = row_form.shown(document, blank, ALL)
    return blank, tuple(
        one for one in fields if "default" not in one.ui and one.kind not in {"case", *row_form.ONE_BY_ONE}
    )


class _About:
    """What rows show of their matters, read once for all of them."""

    def __init__(self, tasks: Sequence[Task], document: Document, actor: Actor) -> None:
        self.notes = row_notes.of(tasks, document, actor)
        cases = [task.case_id for task in tasks]
        self.alike = alike.counts(cases, actor) if actor.may("case.compare") else {}
        signed = Signature.objects.signed().filter(case__in=cases).values_list("case_id", flat=True)
        self.signed = {case_id: list(signed).count(case_id) for case_id in cases}
        profiles = Profile.objects.filter(pk__in={task.case.profile_id for task in tasks})
        self.profiles = {row.pk: row.local_name for row in profiles}
        moved = Definition.objects.filter(pk__in={task.case.definition_id for task in tasks})
        self.moved = set(moved.exclude(starters=[]).values_list("pk", flat=True))
        self.photos: dict[int, list[Attachment]] = {}
        sent = Attachment.objects.filter(subject_kind="case", subject_id__in=cases, part="report")
        for photo in sent.filter(kind=Attachment.Kind.PHOTO).order_by("id"):
            self.photos.setdefault(photo.subject_id, []).append(photo)
        self.units: dict[int, list[str]] = {}
        assigned = Assignment.objects.filter(case__in=cases).select_related("unit").order_by("-part", "id")
        for one in assigned:
            self.units.setdefault(one.case_id, []).append(one.unit.name)

    def row(self, task: Task, fields: tuple[rendering.FieldView, ...], kept: Kept, today: date) -> Row:
        """One row; a citizen's name stays out of lists."""
        case = task.case
        return Row(
            task=present.task_row(task, today),
            words=case.text.words,
            asks=tuple((ask.number, ask.text) for ask in case.asks.all()),
            mover=case.reporter.name if case.definition_id in self.moved else "",
            signed=self.signed[case.pk],
            fields=fields,
            kept=kept,
            photos=tuple(self.photos.get(case.pk, ())),
            alike=self.alike.get(case.pk, 0),
            notes=self.notes[task.pk],
            units=_("、").join(self.units.get(case.pk, ())),
        )
