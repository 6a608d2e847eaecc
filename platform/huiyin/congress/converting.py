"""Make a matter from another: a bill becomes a suggestion, a suggestion of several subjects is split (一事一议)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import services
from huiyin.cases.models import Ask, Case
from huiyin.cases.recorders.basics import write_asks
from huiyin.cases.recording import Act, recorder
from huiyin.congress import errors, selectors
from huiyin.congress.models import Signature
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import actor_of
from huiyin.forms.answers import AnswersRejected
from huiyin.forms.document import Field

SUGGESTION = "suggestion"


@recorder("conversion")
def convert(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Start a suggestion with the matter's title, words and asks for its mover, who confirms and submits it.

    :raises NoSuggestions: if no process of suggestions is published here
    """
    case = act.case
    newest = Definition.objects.newest(case.jurisdiction, SUGGESTION).first()
    if newest is None:
        raise errors.NoSuggestions
    asks = list(Ask.objects.filter(case=case).order_by("number").values_list("text", flat=True))
    made = _derive(act, newest, {"title": case.title, "words": case.text.words, "asks": asks})
    act.say("converted", into=made.number)
    act.notify(case.reporter_id, "converted", made.public_id, number=case.number, into=made.number)


@recorder("split")
def split(act: Act, field: Field, value: list[str]) -> None:
    """
    一事一议: move some asks into a matter of their own, whose mover and signers are asked to confirm both.

    The text of both has changed, so signatures count for neither until they are given again.

    :raises AnswersRejected: if an ask is unknown, or none would be left
    """
    case, apart = act.case, {int(number) for number in value}
    asks = list(Ask.objects.filter(case=case).order_by("number"))
    if not apart <= {ask.number for ask in asks}:
        raise AnswersRejected({field.name: _("没有这一条诉求，请核对")})
    if len(apart) == len(asks):
        raise AnswersRejected({field.name: _("原建议至少留下一条诉求")})
    answers: dict[str, Any] = {
        "title": _("%(title)s（分案）") % {"title": case.title[:110]},
        "words": case.text.words,
        "asks": [ask.text for ask in asks if ask.number in apart],
    }
    if friends := _signers(act):
        answers["invitations"] = friends
    made = _derive(act, case.definition, answers)
    write_asks(act, field, [ask.text for ask in asks if ask.number not in apart])
    act.say("split", into=made.number, count=len(apart))
    act.notify(case.reporter_id, "split", made.public_id, number=case.number, into=made.number)


def _signers(act: Act) -> list[str]:
    """Those who signed and are still in office; they are asked again."""
    day = time_source.day_of(act.now)
    deputies = selectors.deputies_of_congress(selectors.congress_of(act.case, day), day)
    signed = Signature.objects.filter(case=act.case).signed().values("deputy")
    return list(deputies.filter(pk__in=signed).values_list("public_id", flat=True))


def _derive(act: Act, definition: Definition, answers: dict[str, Any]) -> Case:
    case = act.case
    return services.start_case(
        definition=definition,
        answers=answers,
        place=case.place,
        by=actor_of(case.reporter, time_source.day_of(act.now)),  # the office acts; the mover asks
        asker=case.reporter,
        now=act.now,
        derived_from=case,
    )
