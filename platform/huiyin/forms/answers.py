"""Check answers against a document, and sort them by where they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from jsonschema.exceptions import ValidationError

from huiyin.core import errors
from huiyin.forms import sentences
from huiyin.forms.document import Document, Field, in_language
from huiyin.forms.kinds import Posted

#: Kinds that are chosen, not typed: the sentence says 请选择.
_CHOSEN = {
    "choice", "place", "deputy", "units", "rating", "date", "register", "handover", "review", "issuing", "delivery",
    "extension_ruling", "ballot", "second_look", "receiver",
}  # fmt: skip
#: Kinds that are one box: it is missing because it was not ticked.
_TICKED = frozenset({"signatures", "conversion"})


class AnswersRejected(errors.Invalid):
    """Some answers need to be corrected. They are marked below, and your words are kept."""

    code = "answers_rejected"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


@dataclass(frozen=True)
class Checked:
    """Answers that fit the form, sorted by where they go."""

    plain: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    routing: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    #: (field, value) of every answered field, in the order of the form, for the recorders
    records: tuple[tuple[Field, Any], ...] = ()


def read(document: Document, posted: Posted) -> dict[str, Any]:
    """Read a posted page into answers; what was left empty, or is hidden by `show_if`, is not there."""
    answers: dict[str, Any] = {}
    for name, item in document.fields.items():
        if not is_shown(item, answers):
            continue
        value = item.kind.read(posted, name, item.ui)
        if value is not None:
            answers[name] = value
    return answers


def is_shown(item: Field, answers: Mapping[str, Any]) -> bool:
    """Whether a field is asked, given the answers before it."""
    condition = item.ui.get("show_if")
    return condition is None or answers.get(condition["field"]) in condition["is"]


def check(document: Document, answers: Mapping[str, Any]) -> Checked:
    """
    Check answers.

    :raises AnswersRejected: with one sentence per field that needs correcting
    """
    answers = _without_blanks(document, answers)
    problems: dict[str, str] = {}
    for name, item in document.fields.items():
        if name in answers and not is_shown(item, answers):
            # A page drops what it does not ask; a program that sends it means something that nobody would see.
            problems[name] = _("“%(label)s”在这种情况下不需要填写") % {"label": item.label}
    for error in document.validator.iter_errors(dict(answers)):
        for leaf in _leaves(error):
            for name in _fields_of(leaf, document):
                problems.setdefault(name, _sentence(document, name, leaf))
    if problems:
        raise AnswersRejected({name: problems[name] for name in [*document.order, ""] if name in problems})
    records = tuple((item, answers[name]) for name, item in document.fields.items() if name in answers)
    routed = {item.name: value for item, value in records if item.ui.get("routing")}
    return Checked(
        plain={item.name: value for item, value in records if not item.ui.get("sensitive")},
        sealed={item.name: value for item, value in records if item.ui.get("sensitive")},
        routing=routed,
        facts={item.name: value for item, value in records if item.ui.get("fact")},
        records=records,
    )


def _without_blanks(document: Document, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without the space around them; a text of nothing but space is no answer, on a page and in a program."""
    trimmed = {
        name: value.strip() if isinstance(value, str) and name in document.fields else value
        for name, value in answers.items()
    }
    return {name: value for name, value in trimmed.items() if value != ""}


def _leaves(error: ValidationError) -> Iterable[ValidationError]:
    if error.validator in ("if", "allOf", "anyOf", "oneOf") and error.context:
        for inner in error.context:
            yield from _leaves(inner)
    else:
        yield error


def _fields_of(error: ValidationError, document: Document) -> list[str]:
    path = [part for part in error.absolute_path if isinstance(part, str)]
    if path:
        return [path[0]]
    if error.validator == "required":
        wanted: Any = error.validator_value
        answered: Any = error.instance
        return [name for name in wanted if name not in answered]
    if error.validator == "additionalProperties":
        return [""]
    return [document.order[0]]


def _sentence(document: Document, name: str, error: ValidationError) -> str:
    if not name:
        return _("提交的内容里有这张表没有的项目。")
    item = document.fields[name]
    if say := item.ui.get("say", {}).get(str(error.validator)):
        return in_language(say)
    if said := sentences.of_part(item.kind.name, error):
        return said
    label = _label(item, error)
    limit = error.validator_value
    if error.validator == "required" and item.kind.name in _TICKED:
        return _("请勾选“%(label)s”") % {"label": label}
    if error.validator == "required" or (error.validator == "minLength" and not error.instance):
        return (_("请选择“%s”") if item.kind.name in _CHOSEN else _("请填写“%s”")) % label
    words = {
        "minLength": _("“%(label)s”至少 %(limit)s 个字") % {"label": label, "limit": limit},
        "maxLength": _("“%(label)s”最多 %(limit)s 个字") % {"label": label, "limit": limit},
        "enum": _("请从给出的选项中选择“%(label)s”") % {"label": label},
        "format": _("“%(label)s”不是有效的日期") % {"label": label},
        "minItems": _("请填写“%s”") % label,
        "maxItems": _("“%(label)s”最多 %(limit)s 个") % {"label": label, "limit": limit},
    }
    return words.get(str(error.validator), _("请检查“%(label)s”的内容") % {"label": label})


def _label(item: Field, error: ValidationError) -> str:
    """The field's label; of a list of texts, with the number of the text."""
    path = list(error.absolute_path)
    place = path[1] if item.kind.name == "asks" and len(path) > 1 else None
    return f"{item.label} {place + 1}" if isinstance(place, int) else item.label
