"""What the form of a task can know before the person types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from huiyin.cases.models import Case, ReplyDraft, Task
from huiyin.cases.present import routes
from huiyin.cases.present.numbers import next_document_number
from huiyin.cases.present.recalls import taken_back
from huiyin.core import time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import Unit
from huiyin.forms.document import Document
from huiyin.forms.kinds import JUDGING
from huiyin.opinion.masking import mask
from huiyin.web.proposing import proposals

#: Kinds of fields with which a reply is written, reviewed, issued and delivered.
SIGNING_OFF = JUDGING | {"reply_draft", "delivery"}
#: how many signs of each matter a draft begins with; the whole is one click away
EXCERPT = 300


def defaults(task: Task, document: Document, actor: Actor) -> dict[str, Any]:
    """What the person took back; else what is proposed, the last round's lead, the deputy, the newest draft, the text."""
    mine = [row for row in taken_back([task])[task.pk] if actor.person and row.done_by_id == actor.person.pk]
    if mine:
        return {**mine[-1].answers, **mine[-1].sealed}
    case, known = task.case, {**_text(task, document), **proposals([task], document, actor)[task.pk]}
    lead = case.assignments.filter(part="lead").order_by("-round").select_related("unit").first()
    if lead is not None:
        known["units"] = {"lead": lead.unit.public_id}
    if case.deputy is not None:
        known["deputy"] = case.deputy.public_id
    if routes.FIELD in document.fields and (wish := routes.wish_of(case)):
        known[routes.FIELD] = wish.code
    for field in document.fields.values():
        if field.kind.name == "reply_draft" and (draft := _draft(task, actor)):
            known[field.name] = draft
        if field.kind.name == "issuing" and task.unit is not None:
            known[field.name] = _signature(task.unit, actor)
    return known


def from_matters(matters: Iterable[Case]) -> dict[str, Any]:
    """What a suggestion begins with that is drafted from matters: the words of each without personal numbers, and an ask."""
    rows = list(matters)
    told = [
        _("%(n)s. %(place)s：%(words)s（%(number)s）")
        % {
            "n": n,
            "place": row.place.full_name,
            "words": Truncator(mask(row.text.words, landlines=False)).chars(EXCERPT),
            "number": row.number,
        }
        for n, row in enumerate(rows, 1)
    ]
    if not rows:
        return {}
    asks = [mask(row.title, landlines=False) for row in rows]
    return {"words": "\n".join([_("群众反映："), *told]), "asks": asks}


def _text(task: Task, document: Document) -> dict[str, Any]:
    """The matter as it was written, where the form lets its mover write it anew."""
    case = task.case
    if task.person_id != case.reporter_id or "asks" not in document.fields:
        return {}
    asks = list(case.asks.values_list("text", flat=True))
    return {"title": case.title, "words": case.text.words, "asks": asks}


def _signature(unit: Unit, actor: Actor) -> dict[str, Any]:
    """What stands under a letter that is signed now; whoever signs changes it where the paper says otherwise."""
    today = time_source.today()
    signer = {"signed_by": actor.person.name} if actor.person else {}
    return {**signer, "document_number": next_document_number(unit, today), "signed_on": today.isoformat()}


def _draft(task: Task, actor: Actor) -> dict[str, Any] | None:
    """The newest draft of the round, so that one that was returned is not typed again."""
    seen = ReplyDraft.objects.visible_to(actor).filter(case=task.case, round=task.round)
    newest = seen.order_by("-version").first()
    return newest.as_answers() if newest else None
