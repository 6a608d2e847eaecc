"""Turn a bill into a suggestion: the same text, the same mover, the two linked."""

from __future__ import annotations

from typing import Any

from huiyin.cases import services
from huiyin.cases.models import Ask
from huiyin.cases.recording import Act, recorder
from huiyin.congress import errors
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import actor_of
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
    made = services.start_case(
        definition=newest,
        answers={"title": case.title, "words": case.text.words, "asks": asks},
        place=case.place,
        by=actor_of(case.reporter, time_source.day_of(act.now)),  # the office turns it; the mover asks
        asker=case.reporter,
        now=act.now,
        derived_from=case,
    )
    act.say("converted", into=made.number)
    act.notify(case.reporter_id, "converted", made.public_id, number=case.number, into=made.number)
