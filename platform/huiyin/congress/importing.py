"""Reads around the import of suggestions: where an actor may enter them, which classes there are, what is entered already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from huiyin.cases import runtime
from huiyin.cases.models import Case
from huiyin.cases.services import transcribing
from huiyin.congress import selectors
from huiyin.congress.models import ImportRow, SuggestionImport
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Place


def congresses_to_enter_in(actor: Actor, definition: Definition, on: date) -> list[Place]:
    """The congresses whose office the actor is and to which such a matter is moved; the actor's own first."""
    if not definition.starters or transcribing.FORM not in runtime.of(definition.pk).documents:
        return []
    terms = selectors.terms_run_by(actor, "case.transcribe_deputy", on).filter(from_on__lte=on)
    return list(dict.fromkeys(term.place for term in terms if term.place.level in definition.levels))


def categories_of(definition: Definition) -> Mapping[str, Mapping[str, str]]:
    """Code -> names of the classes in which a process registers its matters."""
    for document in runtime.of(definition.pk).documents.values():
        for field in document.fields.values():
            if field.kind.name == "register":
                return field.ui["options"]
    return {}


def imported_before(keys: Iterable[str]) -> dict[str, Case]:
    """Key -> the case that was made of a row with it."""
    known = Case.objects.filter(source_key__in=list(keys))
    return {str(case.source_key): case for case in known}


def stated_categories(cases: Iterable[int]) -> dict[int, str]:
    """Case -> the class that the file proposed from which it was imported; what was split off has that of the whole."""
    wanted = list(cases)
    halves = Case.objects.filter(pk__in=wanted, derived_from__kind=F("kind"))
    whole = dict(halves.values_list("pk", "derived_from_id"))
    rows = ImportRow.objects.filter(case__in=[*wanted, *whole.values()], is_new=True).exclude(category="")
    stated = dict(rows.values_list("case_id", "category"))
    return {
        case_id: said
        for case_id in wanted
        if (said := stated.get(case_id) or stated.get(whole.get(case_id) or 0))
    }


@dataclass(frozen=True)
class Standing:
    """How the rows of a file stand."""

    all: int
    wrong: int
    known: int
    ready: int
    entered: int
    refused: int

    @property
    def is_over(self) -> bool:
        """Whether nothing waits any more."""
        return self.ready == 0


def counts_of(batch: SuggestionImport) -> Standing:
    """How the rows of a file stand, in one query."""
    wrong = ~Q(problems=[])
    found = batch.rows.aggregate(
        all=Count("id"),
        wrong=Count("id", filter=wrong),
        known=Count("id", filter=Q(case__isnull=False, is_new=False, problems=[])),
        ready=Count("id", filter=Q(problems=[], done_at=None)),
        entered=Count("id", filter=Q(is_new=True)),
        refused=Count("id", filter=~Q(error="")),
    )
    return Standing(**found)
