"""What stands beside a row of a grid so that it can be decided: the objection, the rule, the reply, who handled such matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from huiyin.cases.models import Extension, Objection, ReplyDraft, Task
from huiyin.congress import dissent, experience
from huiyin.directory.actors import Actor
from huiyin.forms.document import Document
from huiyin.rules.explain import amount_in_words, article_of
from huiyin.rules.models import Rule

#: Who handled such matters before is asked where one says who should, and by those who accept it and send it there.
_NAMING = frozenset({"units", "register"})
#: field kind -> the rules of a process, by the end of their code, under which is ruled
_RULES = {
    "ruling": (".object", "objection.rule"),
    "extension_ruling": (".answer", ".longest", "extension.rule"),
}


@dataclass
class Notes:
    """What one row shows beside its fields."""

    sentences: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    #: (number, ask, result, answer)
    answers: list[tuple[int, str, str, str]] = field(default_factory=list)
    reply: str = ""
    handled: list[experience.Handled] = field(default_factory=list)


def of(tasks: Sequence[Task], document: Document, actor: Actor) -> dict[int, Notes]:
    """Task -> its notes, by what its form asks; a statement or two for all of them."""
    found = {task.pk: Notes() for task in tasks}
    kinds = document.kinds
    if "ruling" in kinds:
        _objections(tasks, found, actor)
    if "extension_ruling" in kinds:
        _extensions(tasks, found, actor)
    for kind in sorted(kinds & set(_RULES)):
        _rules(tasks, found, _RULES[kind])
    if "review" in kinds:
        _replies(tasks, found, actor)
    if kinds & {"units", "handover"}:
        said = dissent.of(task.case_id for task in tasks)
        for task in tasks:
            found[task.pk].sentences += said.get(task.case_id, [])
    if kinds & _NAMING and actor.may("case.reassign"):
        handled = experience.units_for([task.case_id for task in tasks], actor)
        for task in tasks:
            found[task.pk].handled = handled.get(task.case_id, [])
    return found


def _objections(tasks: Sequence[Task], found: dict[int, Notes], actor: Actor) -> None:
    rows = Objection.objects.visible_to(actor).filter(
        case__in=[task.case_id for task in tasks], ruled_at=None
    )
    open_ones = {row.assignment_id: row for row in rows.select_related("unit", "suggested")}
    for task in tasks:
        row = open_ones.get(task.assignment_id or 0)
        if row is not None:
            sentence = _("%(unit)s提出异议：%(reason)s") % {"unit": row.unit.name, "reason": row.reason}
            found[task.pk].sentences.append(sentence)
            if row.suggested:
                found[task.pk].sentences.append(_("建议改由%(unit)s承办。") % {"unit": row.suggested.name})


def _extensions(tasks: Sequence[Task], found: dict[int, Notes], actor: Actor) -> None:
    rows = Extension.objects.visible_to(actor).filter(
        case__in=[task.case_id for task in tasks], ruled_at=None
    )
    asked = {row.case_id: row for row in rows.select_related("unit")}
    for task in tasks:
        row = asked.get(task.case_id)
        if row is not None:
            said = {
                "unit": row.unit.name if row.unit else "",
                "day": row.to.isoformat(),
                "reason": row.reason,
            }
            found[task.pk].sentences.append(_("%(unit)s申请延至 %(day)s：%(reason)s") % said)


def _rules(tasks: Sequence[Task], found: dict[int, Notes], endings: tuple[str, ...]) -> None:
    """The rules of each case's own profile, with their article and days."""
    rules = Rule.objects.filter(profile__in={task.case.profile_id for task in tasks}).order_by("id")
    for task in tasks:
        for rule in rules:
            own = rule.code.startswith(f"{task.case.kind}.") and rule.code.endswith(endings)
            if rule.profile_id == task.case.profile_id and (own or rule.code in endings):
                days = amount_in_words(rule.amount, rule.unit)
                said = {"days": days, "article": article_of(rule)}
                said |= {"name": rule.local_name, "start": _(rule.starts_from)}
                found[task.pk].rules.append(_("%(name)s：自%(start)s起 %(days)s（%(article)s）") % said)


def _replies(tasks: Sequence[Task], found: dict[int, Notes], actor: Actor) -> None:
    """The newest draft of each round, ask by ask."""
    rows = ReplyDraft.objects.visible_to(actor).filter(case__in=[task.case_id for task in tasks])
    newest = {
        (row.case_id, row.round): row for row in rows.order_by("version").prefetch_related("answers__ask")
    }
    for task in tasks:
        draft = newest.get((task.case_id, task.round))
        if draft is not None:
            answers = sorted(draft.answers.all(), key=lambda one: one.ask.number)
            found[task.pk].answers = [
                (one.ask.number, one.ask.text, str(one.get_result_display()), one.text) for one in answers
            ]
            found[task.pk].reply = draft.text
