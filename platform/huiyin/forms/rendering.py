"""A form ready for a template: fields with their values, problems and choices. Works with scripts off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huiyin.forms.document import Document, Field, in_language
from huiyin.forms.kinds import JUDGING
from huiyin.forms.parts import PARTS

#: (id or number, text) of what a field offers
Choices = Sequence[tuple[Any, str]]
#: kinds that carry files, so that their page posts as multipart
WITH_FILES = ("photos", "voice", "progress", "visit", "transcription")
#: how many empty rows a list offers beside what is filled in
EMPTY_ROWS = 3


class InGroup(str):
    """The text of an option that is listed in a group: there by its short name, and found by other words too (pinyin)."""

    group: str
    short: str
    found_by: str

    def __new__(cls, short: str, group: str, found_by: str = "") -> InGroup:
        """Where there are no groups, the text says both: “陶启明（石棠镇）”."""
        text = super().__new__(cls, f"{short}（{group}）")
        text.short, text.group, text.found_by = short, group, found_by
        return text


@dataclass(frozen=True)
class OptionGroup:
    """Options under one heading; the first group, without one, holds what is chosen."""

    title: str
    options: tuple[tuple[Any, str, str], ...]
    chosen: bool = False


@dataclass(frozen=True)
class FieldView:
    """One field as its widget shows it."""

    name: str
    kind: str
    template: str
    label: str
    help: str
    placeholder: str
    required: bool
    value: Any
    problem: str
    options: Choices
    ui: Mapping[str, Any]
    #: the fixed choices inside a compound kind, by part
    parts: Mapping[str, Any] = field(default_factory=dict)
    #: tells the fields of two forms on one page apart
    id: str = ""
    #: what a list shows: its rows and some empty ones; of each ask (number, text, what is said of it)
    rows: Sequence[Any] = ()
    #: (values of the deciding field, words) of the sentences that a text offers
    phrases: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class FormView:
    """A form as a page shows it."""

    title: str
    submit: str
    fields: tuple[FieldView, ...]
    problems: Mapping[str, str] = field(default_factory=dict)
    #: stands before the ids of its fields
    prefix: str = ""

    @property
    def conditions(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """(field, deciding field, values) for the style sheet that hides what is not asked; no script needed."""
        found = []
        for item in self.fields:
            if condition := item.ui.get("show_if"):
                found.append((item.name, condition["field"], tuple(condition["is"])))
        return tuple(found)

    @property
    def has_files(self) -> bool:
        """Whether the page must post as multipart."""
        return any(item.kind in WITH_FILES for item in self.fields)


def joined(*views: FormView) -> FormView:
    """Several forms as one page asks them, under the heading and the button of the last."""
    return FormView(
        title=views[-1].title,
        submit=views[-1].submit,
        fields=tuple(field for one in views for field in one.fields),
        problems={name: sentence for one in views for name, sentence in one.problems.items()},
    )


def view(
    document: Document,
    *,
    values: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
    choices: Mapping[str, Choices] | None = None,
    prefix: str = "",
    cites: str = "",
) -> FormView:
    """
    Prepare a document for a page.

    :param choices: the options of units, deputies and places by kind
    :param prefix: stands before the ids of the fields, where a page has several forms; their names stay
    :param cites: the name of the rules that offered sentences refer to
    """
    values, problems, choices = values or {}, problems or {}, choices or {}
    return FormView(
        title=in_language(document.title),
        submit=in_language(document.ui.get("submit")),
        fields=tuple(
            _field(item, values.get(item.name), problems.get(item.name, ""), choices, prefix, cites)
            for item in document.fields.values()
        ),
        problems=problems,
        prefix=prefix,
    )


def _field(
    item: Field, value: Any, problem: str, choices: Mapping[str, Choices], prefix: str, cites: str
) -> FieldView:
    options: Choices = choices.get(item.kind.name, ())
    value = item.ui.get("default") if value is None else value
    if item.kind.name in ("choice", "register"):
        options = [(code, in_language(texts)) for code, texts in item.ui["options"].items()]
    return FieldView(
        name=item.name,
        id=f"{prefix}{item.name}",
        kind=item.kind.name,
        template=f"forms/kinds/{item.kind.name}.html",
        label=item.label,
        help=in_language(item.ui.get("help")),
        placeholder=in_language(item.ui.get("placeholder")),
        required=item.required,
        value=value,
        problem=problem,
        options=options,
        ui=item.ui,
        parts=PARTS.get(item.kind.name, {}),
        rows=_rows(item.kind.name, value, options),
        phrases=_phrases(item, cites),
    )


def _phrases(item: Field, cites: str) -> Sequence[tuple[str, str]]:
    offered = item.ui.get("phrases", ())
    return [(" ".join(one["is"]), in_language(one).replace("{profile}", cites)) for one in offered]


def _groups(chosen: Sequence[Any], options: Choices) -> list[OptionGroup]:
    """What is chosen first, then everyone else by group, in the order in which the groups come."""
    first: list[tuple[Any, str, str]] = []
    rest: dict[str, list[tuple[Any, str, str]]] = {}
    for code, text in options:
        group, short, found_by = (
            (text.group, text.short, text.found_by) if isinstance(text, InGroup) else ("", text, "")
        )
        if code in chosen:
            first.append((code, str(text), found_by))
        else:
            rest.setdefault(group, []).append((code, short, found_by))
    groups = [OptionGroup(title, tuple(found)) for title, found in rest.items()]
    return [OptionGroup("", tuple(first), chosen=True), *groups] if first else groups


def _rows(kind: str, value: Any, options: Choices) -> Sequence[Any]:
    if kind == "invitations":
        return _groups(value or (), options)
    if kind == "asks":
        return [*(value or []), *[""] * EMPTY_ROWS]
    if kind in JUDGING:
        return [*(value or {}).get("marks", ()), *({} for _row in range(EMPTY_ROWS))]
    if kind in ("commitments", "milestones"):
        return [*(value or []), *({} for _row in range(EMPTY_ROWS))]
    if kind in ("reply_draft", "rating"):
        said = {item["ask"]: item for item in (value or {}).get("asks", [])}
        return [(number, text, said.get(number, {})) for number, text in options]
    return ()
