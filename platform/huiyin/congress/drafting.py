"""What a deputy may start, and from which of the citizens' matters it may be drafted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyin.cases import runtime
from huiyin.cases.models import Case
from huiyin.cases.present.case import LinkView
from huiyin.cases.querysets import CaseQuerySet
from huiyin.congress.models import Source
from huiyin.congress.selectors import congresses_to_start_in
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.roles import Role


def startable(actor: Actor, on: date) -> list[Definition]:
    """The newest versions of the processes that a deputy may start, what was published last first."""
    if actor.person is None or Role.DEPUTY not in actor.roles:
        return []
    rows = Definition.objects.visible_to(actor).filter(jurisdiction=actor.person.jurisdiction_id)
    newest = rows.exclude(starters=[]).order_by("process", "-version").distinct("process")
    return [
        row
        for row in sorted(newest.defer("diagram", "forms", "tables", "called"), key=lambda row: -row.pk)
        if actor.with_role(*row.starters) and congresses_to_start_in(actor, row, on)
    ]


def takes_sources(definition: Definition) -> bool:
    """Whether a process can be drafted from matters: its first form has words and numbered asks."""
    form = runtime.of(definition.pk).first_form
    return "asks" in form.kinds and "words" in form.fields


def kinds_to_draft(actor: Actor, on: date) -> list[tuple[str, str]]:
    """(kind, its name) of what an actor may draft from matters."""
    return [(row.process, row.local_name) for row in startable(actor, on) if takes_sources(row)]


def drafts_from(case: Case, actor: Actor, on: date) -> list[tuple[str, str]]:
    """(kind, its name) of what an actor may draft from a case that was found through `visible_to(actor)`."""
    return [] if case.definition.starters or case.restricted else kinds_to_draft(actor, on)


def matters_for(actor: Actor) -> CaseQuerySet:
    """The citizens' matters that an actor sees and may draft from."""
    return Case.objects.visible_to(actor).filter(definition__starters=[], restricted=False)


@dataclass(frozen=True)
class Raised:
    """The other end of a suggestion that was drafted from matters, as far as the reader sees it."""

    #: for a suggestion: what it was drafted from
    sources: tuple[LinkView, ...]
    #: for a matter: what was drafted from it
    suggestions: tuple[LinkView, ...]


def raised(case: Case, actor: Actor) -> Raised:
    """Both ends of a case that the caller found through `visible_to(actor)`."""
    seen = Source.objects.visible_to(actor).select_related("suggestion", "matter").order_by("pk")
    return Raised(
        sources=tuple(_link(row.matter) for row in seen.filter(suggestion=case)),
        suggestions=tuple(_link(row.suggestion) for row in seen.filter(matter=case)),
    )


def _link(case: Case) -> LinkView:
    return LinkView(case.public_id, case.number, case.title)
