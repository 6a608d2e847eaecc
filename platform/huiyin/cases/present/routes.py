"""The ways on which a deputy may wish a citizen's matter to go, and what the deputy has wished."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.cases import runtime
from huiyin.cases.models import Case, Completion, RouteWish
from huiyin.cases.querysets import CaseQuerySet
from huiyin.directory.actors import Actor
from huiyin.directory.roles import Role
from huiyin.forms.document import in_language

#: The field with which an office chooses who handles a matter, and which of its options a deputy may wish for.
FIELD, OPTIONS = "route", ("deputy", "units")


@dataclass(frozen=True)
class WishView:
    """What a deputy would have done, as the office reads it."""

    deputy: str
    text: str
    code: str


def options_of(definition_id: int) -> list[tuple[str, str]]:
    """(code, words) of the ways that a process offers a deputy; none if it does not ask who handles a matter."""
    for document in runtime.of(definition_id).documents.values():
        field = document.fields.get(FIELD)
        offered = field.ui.get("options", {}) if field else {}
        if all(code in offered for code in OPTIONS):
            return [(code, in_language(offered[code])) for code in OPTIONS]
    return []


def offered(definition_id: int, actor: Actor) -> list[tuple[str, str]]:
    """The ways among which an actor may choose: a 村民代表 receives and passes on, and answers nothing as a deputy."""
    is_deputy = Role.DEPUTY in actor.roles
    return [one for one in options_of(definition_id) if is_deputy or one[0] != "deputy"]


def is_open(case: Case) -> bool:
    """Whether the office has not chosen yet."""
    return case.closed_at is None and not _chosen().filter(case=case).exists()


def may_wish(case: Case, actor: Actor) -> list[tuple[str, str]]:
    """What the deputy to whom a case is addressed may wish for; none for others, and once the office has chosen."""
    own = actor.person is not None and actor.person.pk == case.deputy_id and not case.restricted
    return offered(case.definition_id, actor) if own and is_open(case) else []


def waiting_for_a_wish(actor: Actor) -> CaseQuerySet:
    """The matters that citizens addressed to a deputy who has not said yet how they should go, oldest first."""
    if actor.person is None or not actor.roles & {Role.DEPUTY, Role.VILLAGE_DEPUTY}:
        return Case.objects.none()
    own = Case.objects.visible_to(actor).filter(deputy=actor.person, restricted=False).being_handled()
    said = RouteWish.objects.filter(by=actor.person).values("case")
    found = own.exclude(pk__in=_chosen().values("case")).exclude(pk__in=said)
    asking = [pk for pk in found.order_by().values_list("definition", flat=True).distinct() if options_of(pk)]
    return found.filter(definition__in=asking).order_by("received_at", "id")


def wish_of(case: Case) -> WishView | None:
    """What the deputy who follows a case has wished, while the office has not chosen."""
    row = RouteWish.objects.filter(case=case, by=case.deputy_id).select_related("by").first()
    text = dict(options_of(case.definition_id)).get(row.route, "") if row else ""
    return WishView(row.by.name, text, row.route) if row and text and is_open(case) else None


def _chosen() -> CaseQuerySet:
    return Completion.objects.filter(answers__has_key=FIELD)
