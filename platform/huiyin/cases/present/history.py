"""A case's history in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.history import selectors, words


@dataclass(frozen=True)
class EntryView:
    """One line: when, in words, and the head of its hash."""

    seq: int
    at: datetime
    kind: str
    text: str
    hash: str


#: What a citizen need not read to follow the matter.
INTERNAL = frozenset(
    (
        "task_taken", "task_returned", "clock_warned", "reassign_reason", "clock_paused", "reply_drafted",
        "draft_reviewed", "draft_returned", "reply_issued",
    )
)  # fmt: skip


#: The offices' own paper, like drafts: hidden from the one who asked also where he reads the rest with a post of his own.
OFFICES_OWN = frozenset(
    ("signer_asked", "signer_answered", "passed_for_reading", "reading_done", "consultation_withdrawn")
)


def entries_of(case: Case, actor: Actor) -> tuple[EntryView, ...]:
    """The history of a case, newest first; without the office's internal lines for those outside it."""
    hidden = OFFICES_OWN | (frozenset() if actor.held else INTERNAL)
    if Case.objects.with_paper_for(actor).filter(pk=case.pk).exists():
        hidden -= OFFICES_OWN
    told = [entry for entry in selectors.entries_of("case", case.pk) if entry.kind not in hidden]
    names = dict(Person.objects.filter(pk__in={entry.by_id for entry in told}).values_list("pk", "name"))
    return tuple(
        EntryView(
            seq=entry.seq,
            at=entry.at,
            kind=entry.kind,
            text=words.tell(entry.kind, entry.facts, by=names.get(entry.by_id or 0, _("系统"))),
            hash=entry.hash[:12],
        )
        for entry in reversed(told)
    )
