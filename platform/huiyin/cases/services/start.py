"""Receive a matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huiyin import engine
from huiyin.cases import recording, runtime
from huiyin.cases.models import Case, CaseState, CaseText, Fact
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, projection
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor, reporter
from huiyin.directory.models import Person, Place
from huiyin.forms import answers as forms
from huiyin.rules import selectors as rules

#: Answers of the first form that become columns of the case or of its text.
TITLE_LENGTH = 200


@transaction.atomic
def start_case(
    *,
    definition: Definition,
    answers: Mapping[str, Any],
    place: Place,
    now: datetime,
    by: Actor | None = None,
    asker: Person | None = None,
    received_at: datetime | None = None,
    source: str = Case.Source.WEB,
    source_key: str | None = None,
) -> Case:
    """
    Receive a matter through the form of the definition's start event, and run the process to its first task.

    :param by: who records it for someone else (代录); None when the asker reports himself
    :param asker: the one who asked, if known; else a person is made from the form's sealed answers
    :param received_at: when it was received, if earlier than `now` (paper, import); clocks start from it
    :param source_key: refuses the same matter twice: a second call returns the case of the first
    :raises forms.AnswersRejected: if the answers do not fit the form
    """
    if source_key is not None and (known := _received_already(source_key)):
        return known
    run = runtime.of(definition.pk)
    start = next(
        step for step in run.process.steps.values() if step.kind == "startEvent" and step.parent is None
    )
    checked = forms.check(run.documents[start.props["form"]], answers)
    person = asker or _make_asker(definition, checked.sealed)
    received = received_at or now
    received_on = time_source.day_of(received)
    case = Case.objects.create(
        jurisdiction_id=definition.jurisdiction_id,
        definition=definition,
        kind=definition.process,
        number=_next_number(run.number_prefix, received_on.year),
        title=_title(checked.plain),
        place=place,
        reporter=person,
        source=source,
        source_key=source_key,
        urgency=checked.plain.get("urgency", Case.Urgency.NORMAL),
        received_at=received,
        received_on=received_on,
        profile=rules.profile_in_force(definition.jurisdiction, received_on),
    )
    CaseText.objects.create(
        case=case,
        words=checked.plain.get("words", ""),
        where=checked.plain.get("where", ""),
        sealed=checked.sealed,
    )
    _keep_facts(case, checked)
    act = Act(case, by or reporter(person), now)
    act.say(
        "case_received",
        number=case.number,
        source=case.source,
        received_on=received_on,
        for_another=by is not None or None,
    )
    act.routing.update(checked.routing)
    for field, value in checked.records:
        recording.record(act, field, value)
    advance = engine.start(
        run.process,
        data={"round": 1, "has_deputy": False, **act.routing},
        tables=runtime.all_tables(run, case.profile),
    )
    CaseState.objects.create(case=case, state=advance.state, revision=0)
    projection.apply(act, advance, run)
    locking.finish(act)
    return case


def _received_already(source_key: str) -> Case | None:
    with connection.cursor() as cursor:
        # A second tap on the button arrives while the first is still being written: it waits here, and then finds it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [source_key])
    return Case.objects.filter(source_key=source_key).first()


def _title(plain: Mapping[str, Any]) -> str:
    words = " ".join(str(plain.get("title") or plain.get("words", "")).split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1] + "…"


def _make_asker(definition: Definition, sealed: Mapping[str, Any]) -> Person:
    name = str(sealed.get("name", "")).strip()
    masked = f"{name[0]}**" if name else "匿名群众"
    return Person.objects.create(
        jurisdiction_id=definition.jurisdiction_id, name=masked, details=dict(sealed)
    )


def _next_number(prefix: str, year: int) -> str:
    """A short number to read aloud; from a sequence, so that receiving never waits for a lock. Gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number_seq')")
        return f"{prefix}{year}-{cursor.fetchone()[0]:06d}"


def _keep_facts(case: Case, checked: forms.Checked) -> None:
    Fact.objects.bulk_create(
        [Fact(case=case, name=name, text=str(value)[:200]) for name, value in checked.facts.items()]
    )
