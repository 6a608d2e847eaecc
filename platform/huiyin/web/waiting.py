"""What waits for a person beside tasks: what was addressed to, asked of, and is to be confirmed or seconded by the actor."""

from __future__ import annotations

from datetime import date

from huiyin.cases.models import Consultation, Contact, Unsent
from huiyin.cases.present import routes
from huiyin.cases.querysets import CaseQuerySet, ConsultationQuerySet, OfCaseQuerySet
from huiyin.congress import selectors
from huiyin.congress.drafting import startable
from huiyin.congress.selectors import Signed
from huiyin.directory.actors import Actor
from huiyin.directory.roles import Role


def asked_of(actor: Actor) -> ConsultationQuerySet:
    """加签 and 传阅 that wait for the actor, first asked first."""
    rows = Consultation.objects.visible_to(actor).asked_of(actor)
    found: ConsultationQuerySet = rows.select_related("case", "task__case", "by").order_by(
        "-kind", "at", "id"
    )
    return found


def to_confirm(actor: Actor) -> OfCaseQuerySet:
    """Contacts that a unit says it had with the actor, oldest first."""
    if not actor.roles & {Role.DEPUTY, Role.VILLAGE_DEPUTY}:
        return Contact.objects.none()
    mine = Contact.objects.visible_to(actor).filter(case__reporter=actor.person, confirmed=None)
    found: OfCaseQuerySet = mine.select_related("case", "unit", "by").order_by("on", "id")
    return found


def to_second(actor: Actor) -> list[Signed]:
    """Matters whose mover asks the actor to sign, or to sign again because the text was changed."""
    return selectors.invitations_for(actor) if Role.DEPUTY in actor.roles else []


def addressed_to(actor: Actor) -> CaseQuerySet:
    """What citizens addressed to the actor, who has not said yet how it should go."""
    return routes.waiting_for_a_wish(actor).select_related("place")


def begun_by(actor: Actor, on: date) -> list[tuple[Unsent, str]]:
    """(what was kept, the name of its kind) of what the actor has begun to write and not handed in, last kept first."""
    kept = Unsent.objects.visible_to(actor).filter(task=None).order_by("-saved_at")
    names = {row.process: row.local_name for row in startable(actor, on)} if kept else {}
    return [(one, names[one.form]) for one in kept if one.form in names]


def count(actor: Actor) -> int:
    """How much of it there is."""
    beside = asked_of(actor).count() + to_confirm(actor).count() + len(to_second(actor))
    return beside + addressed_to(actor).count()
