"""A case's history in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.present.task import step_titles
from huiyin.core.languages import is_english
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.history import selectors, words
from huiyin.history.selectors import Told


@dataclass(frozen=True)
class EntryView:
    """One line: when, in words, and the head of its hash."""

    seq: int
    at: datetime
    kind: str
    text: str
    hash: str
    #: the completion of which this line tells more, where the two are shown as one
    also: str = ""


#: What a citizen need not read to follow the matter.
INTERNAL = frozenset(
    (
        "task_taken", "task_returned", "clock_warned", "reassign_reason", "clock_paused", "reply_drafted",
        "draft_reviewed", "draft_returned", "reply_issued", "lateness_explained",
        "case_moved", "case_moved_back",
    )
)  # fmt: skip


#: The offices' own paper, like drafts: hidden from the one who asked also where he reads the rest with a post of his own.
OFFICES_OWN = frozenset(
    (
        "signer_asked",
        "signer_answered",
        "passed_for_reading",
        "reading_done",
        "consultation_withdrawn",
        "case_linked",
        "case_told_apart",
    )
)


def entries_of(case: Case, actor: Actor, *, joined: bool = False) -> tuple[EntryView, ...]:
    """
    The history of a case, newest first; without the office's internal lines for those outside it.

    :param joined: show “completed …” beside the line of the same act that says what came of it; the chain keeps both
    """
    hidden = OFFICES_OWN | (frozenset() if actor.held else INTERNAL)
    if Case.objects.with_paper_for(actor).filter(pk=case.pk).exists():
        hidden -= OFFICES_OWN
    told = [entry for entry in selectors.entries_of("case", case.pk) if entry.kind not in hidden]
    names = dict(Person.objects.filter(pk__in={entry.by_id for entry in told}).values_list("pk", "name"))
    views: list[EntryView] = []
    done: tuple[Told, str] | None = None
    for entry in told:
        name = names.get(entry.by_id or 0, _("系统"))
        view = EntryView(
            seq=entry.seq,
            at=entry.at,
            kind=entry.kind,
            text=words.tell(entry.kind, _in_words(case, entry.facts), by=name),
            hash=entry.hash[:12],
        )
        if joined and done and (done[0].at, done[0].by_id) == (entry.at, entry.by_id):
            views[-1] = replace(view, also=_short(_in_words(case, done[0].facts), done[1], view.text, name))
        else:
            views.append(view)
        done = (entry, view.text) if entry.kind == "task_completed" else None
    return tuple(reversed(views))


def _in_words(case: Case, facts: dict[str, object] | None) -> dict[str, object] | None:
    """Facts with the names of steps and rules, which are written in Chinese, in the reader's language."""
    if facts is None or not is_english():
        return facts
    titles = step_titles(case.definition_id)
    told = {name: titles.get(str(facts[name]), facts[name]) for name in ("task", "step") if name in facts}
    if "rule" in facts:
        told["rule"] = _(str(facts["rule"]))
    return facts | told


def _short(told: dict[str, object] | None, text: str, beside: str, name: str) -> str:
    """The completion beside a line that names who acted is the step alone; else it says who, and for whom."""
    facts = told or {}
    if name in beside and "task" in facts and not facts.get("on_behalf_of"):
        return _("「%(task)s」") % {"task": facts["task"]}
    return text
