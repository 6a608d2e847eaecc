"""Receive a matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huiyin import engine
from huiyin.cases import errors, recording, runtime
from huiyin.cases.models import Case, CaseState, CaseText, Fact
from huiyin.cases.recording import Act
from huiyin.cases.services import locking, projection, slips, transcribing
from huiyin.cases.texts import SPOKEN, title_of
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor, NotYourAct, reporter
from huiyin.directory.models import Person, Place, Post
from huiyin.forms import answers as forms
from huiyin.rules import selectors as rules


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
    derived_from: Case | None = None,
    transcription: Mapping[str, Any] | None = None,
) -> Case:
    """
    Receive a matter through the form of the definition's start event, and run the process to its first task.

    :param by: who acts: the asker with a post (a deputy), or who records it for someone else (代录); None for a citizen
    :param asker: the one who asked, if known; else a person is made from the form's sealed answers
    :param received_at: when it was received, if earlier than `now` (paper, import); clocks start from it
    :param derived_from: the matter that this one is made from
    :param transcription: how the words came, where an office enters them for the asker; `received_at` follows from it
    :param source_key: refuses the same matter twice: a second call returns the case of the first
    :raises NotYourAct: if somebody records it without the right to do so for others, or may not start such a matter
    :raises PlaceUnknown: if matters are not reported at the place
    :raises MoverUnknown: if the one for whom it is entered may not start such a matter there
    :raises NotReceivedYet: if it is received in the future
    :raises forms.AnswersRejected: if the answers do not fit the form
    """
    _check(definition, by, asker, place)
    if transcription is not None:
        transcribing.check_office(by, place, for_deputy=bool(definition.starters))
    elif derived_from is None:  # what is made from another matter was moved with it
        _check_starter(definition, by, asker, place, now)
    if received_at is not None and received_at > now:
        raise errors.NotReceivedYet
    if source_key is not None and (known := _received_already(source_key)):
        return known
    run = runtime.of(definition.pk)
    checked, said = transcribing.check_answers(run, run.first_form, answers, transcription)
    if said is not None:
        received_at = transcribing.received_at(said, now)
        _check_mover(definition, asker, place, received_at)
    case = _write_case(
        definition, run, checked, received_at=received_at or now, place=place, source=source, source_key=source_key,
        reporter=asker or _make_asker(definition, checked.sealed), derived_from=derived_from,
    )  # fmt: skip
    act = Act(case, by or reporter(case.reporter), now)
    _say_received(act, said)
    _run_to_first_task(act, run, checked)
    locking.finish(act)
    return case


def _say_received(act: Act, said: forms.Checked | None) -> None:
    case = act.case
    act.say(
        "case_received",
        number=case.number,
        source=case.source,
        received_on=case.received_on,
        derived_from=case.derived_from.number if case.derived_from else "",
        for_another=act.by.person != case.reporter or None,
    )
    if said is not None:
        act.on_behalf_of = case.reporter
        transcribing.keep(act, said)


def _check_starter(
    definition: Definition, by: Actor | None, asker: Person | None, place: Place, now: datetime
) -> None:
    """What only certain posts may start is started by their holders, in their own name."""
    if not definition.starters:
        return
    held = by.with_role(*definition.starters) if by is not None else ()
    people = {person for post in held if (person := post.on_behalf_of or (by and by.person))}
    own = by is not None and asker in {None, by.person, *people}
    if not own or not _one_may_start(definition, people, place, now):
        raise NotYourAct


def _check_mover(definition: Definition, asker: Person | None, place: Place, received_at: datetime) -> None:
    """Whose paper is entered held the post that may start it when the paper came."""
    if definition.starters and (asker is None or not _one_may_start(definition, {asker}, place, received_at)):
        raise errors.MoverUnknown


def _one_may_start(definition: Definition, people: set[Person], place: Place, moment: datetime) -> bool:
    posts = Post.objects.held_on(time_source.day_of(moment)).filter(
        person__in=people, role__in=definition.starters
    )
    return any(_is_at(post, place) for post in posts.select_related("place", "term__place"))


def _is_at(post: Post, place: Place) -> bool:
    """A deputy asks in the congress of the own term, which may lie above the place that elected him."""
    if post.term is not None:
        return post.term.place_id == place.pk
    return place.path.startswith(post.place.path) or post.place.path.startswith(place.path)


def _check(definition: Definition, by: Actor | None, asker: Person | None, place: Place) -> None:
    if place.level not in (definition.levels or Place.REPORTABLE):
        raise errors.PlaceUnknown
    if by is not None and (asker is None or by.person != asker):
        by.require("case.start_for_others")


def _write_case(
    definition: Definition,
    run: runtime.Runtime,
    checked: forms.Checked,
    *,
    received_at: datetime,
    place: Place,
    **columns: Any,
) -> Case:
    """Write the case with the columns that every kind of matter has, its words and its facts."""
    received_on = time_source.day_of(received_at)
    case = Case.objects.create(
        jurisdiction_id=definition.jurisdiction_id,
        definition=definition,
        kind=definition.process,
        number=_next_number(run.number_prefix, received_on.year),
        title=_title(checked.plain, place),
        urgency=checked.plain.get("urgency", Case.Urgency.NORMAL),
        received_at=received_at,
        received_on=received_on,
        place=place,
        profile=rules.profile_in_force(definition.jurisdiction, received_on),
        **columns,
    )
    CaseText.objects.create(
        case=case,
        words=checked.plain.get("words", ""),
        where=checked.plain.get("where", ""),
        sealed=checked.sealed,
        phone_codes=slips.phone_codes(checked),
    )
    Fact.objects.bulk_create(
        [Fact(case=case, name=name, text=str(value)[:200]) for name, value in checked.facts.items()]
    )
    return case


def _run_to_first_task(act: Act, run: runtime.Runtime, checked: forms.Checked) -> None:
    act.routing.update(checked.routing)
    for field, value in checked.records:
        recording.record(act, field, value)
    advance = engine.start(
        run.process,
        data={"round": 1, "has_deputy": False, **act.routing},
        tables=runtime.all_tables(run, act.case.profile),
    )
    CaseState.objects.create(case=act.case, state=advance.state, revision=0)
    projection.apply(act, advance, run)


def _received_already(source_key: str) -> Case | None:
    with connection.cursor() as cursor:
        # A second tap on the button arrives while the first is still being written: it waits here, and then finds it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [source_key])
    return Case.objects.filter(source_key=source_key).first()


def _title(plain: Mapping[str, Any], place: Place) -> str:
    return title_of(
        str(plain.get("title") or plain.get("words") or f"{SPOKEN}：{plain.get('where') or place.name}")
    )


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
