"""The recorders of the field kinds whose rows belong to cases."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError

from huiyin.cases import errors
from huiyin.cases.models import Assignment, Case, Contact, Objection, ProgressNote, Rating, Reply
from huiyin.cases.recording import Act, recorder
from huiyin.core import time_source
from huiyin.directory import selectors as directory
from huiyin.directory.models import Unit
from huiyin.directory.querysets import UnitQuerySet
from huiyin.files import services as files
from huiyin.forms.document import Field


@recorder("text", "choice", "date", "place")
def keep(act: Act, field: Field, value: Any) -> None:
    """The completion keeps the answer; there is no row of its own."""


@recorder("photos", "voice")
def commit_attachments(act: Act, field: Field, value: list[str]) -> None:
    """Bind the uploads to the case."""
    part = f"task:{act.task.pk}" if act.task else "report"
    _commit(act, value, part, "voice" if field.kind.name == "voice" else "photo")


def _commit(act: Act, ids: list[str], part: str, kind: str) -> list[str]:
    found = files.commit(
        ids=ids, kind=kind, subject_kind="case", subject_id=act.case.pk, part=part, now=act.now
    )
    hashes = [attachment.sha256 for attachment in found]
    act.say("attachments_added", count=len(hashes), sha256=hashes)
    return hashes


@recorder("deputy")
def follow(act: Act, field: Field, value: str) -> None:
    """Let a deputy of the place follow the case."""
    found = {
        person.public_id: person
        for person in directory.deputies_of(act.case.place, time_source.day_of(act.now))
    }
    if value not in found:
        raise errors.DeputyUnknown
    act.case.deputy = found[value]
    act.routing["has_deputy"] = True


@recorder("case")
def merge(act: Act, field: Field, value: str) -> None:
    """Point the case to the one it is merged into (并案: handled together, answered separately)."""
    if act.case.merged_cases.exists():
        raise errors.HasMerged
    seen = Case.objects.visible_to(act.by).exclude(pk=act.case.pk).values("pk")
    wanted = Case.objects.being_handled().filter(number=value.strip().upper(), restricted=False, pk__in=seen)
    try:
        # Two that are merged into each other at once would wait for each other: the second is asked to try again.
        target = wanted.select_for_update(of=("self",), nowait=True).first()
    except OperationalError as error:
        raise errors.BusyElsewhere from error
    if target is None:
        raise errors.CaseUnknown(number=value)
    act.case.merged_into = target
    act.say("case_merged", into=target.number)


@recorder("units")
def assign(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Assign 主办 and 协办 for the round."""
    wanted = [value["lead"], *(code for code in value.get("co", []) if code != value["lead"])]
    units = {unit.public_id: unit for unit in _units_of(act).filter(public_id__in=wanted)}
    if len(units) != len(wanted):
        raise errors.UnitUnknown
    rows = [
        Assignment(
            case=act.case,
            unit=units[code],
            part=Assignment.Part.CO if index else Assignment.Part.LEAD,
            round=act.case.round,
            assigned_at=act.now,
        )
        for index, code in enumerate(wanted)
    ]
    Assignment.objects.bulk_create(rows)
    act.routing["assignments"] = [row.public_id for row in rows]
    act.say(
        "units_assigned",
        lead=rows[0].unit.name,
        co="、".join(row.unit.name for row in rows[1:]),
        round=act.case.round,
    )


@recorder("progress")
def add_progress(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write a staged report with its photos."""
    note = ProgressNote.objects.create(
        **_written(act),
        unit=_unit_of(act),
        stage=value.get("stage", ""),
        text=value["text"],
        key=act.key,
    )
    act.say("progress_noted", stage=note.stage, unit=note.unit.name if note.unit else "")
    if value.get("photos"):
        _commit(act, value["photos"], f"note:{note.pk}", "photo")


@recorder("contact")
def add_contact(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write what the unit says of its contact; the asker is asked whether it happened."""
    if value["on"] > time_source.day_of(act.now).isoformat():
        raise errors.DateAhead
    contact = Contact.objects.create(
        **_written(act),
        unit=_unit_of(act),
        **value,
    )
    act.say("contact_recorded", way=contact.way, on=value["on"])
    act.notify(act.case.reporter_id, "contact_to_confirm", str(contact.pk), number=act.case.number)


@recorder("reply")
def answer(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write the round's reply, and tell those who asked, also those whose matter was merged into this one."""
    reply = Reply.objects.create(
        **_written(act),
        unit=_unit_of(act),
        **value,
    )
    act.say("reply_given", result=reply.result, round=reply.round)
    own = (act.case.number, act.case.title)
    asked = [
        (act.case.reporter_id, *own),
        (act.case.deputy_id, *own),
        *act.case.merged_cases.values_list("reporter_id", "number", "title"),
    ]
    for person_id, number, title in asked:
        act.notify(person_id, "answered", str(reply.round), number=number, title=title)


@recorder("rating")
def rate(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write the rating of the asker or of the deputy; a late one is accepted and marked."""
    if act.task is None:
        raise ValueError("a rating belongs to a task")
    rater = Rating.Rater.DEPUTY if act.task.address == "deputy" else Rating.Rater.CITIZEN
    if act.case.reply_rows.filter(round=act.case.round, by=act.person).exists():
        raise errors.NoOwnRating
    if act.case.rating_rows.filter(round=act.case.round, rater=rater).exists():
        raise errors.RatedAlready
    rating = Rating.objects.create(
        **_written(act),
        rater=rater,
        result=value["result"],
        attitude=value.get("attitude", ""),
        words=value.get("words", ""),
        late=act.case.closed_at is not None,
    )
    act.routing[f"{rater.value}_result"] = rating.result
    act.routing[f"{rater.value}_attitude"] = rating.attitude
    act.say("rated", rater=rater.value, result=rating.result, round=rating.round, late=rating.late or None)


@recorder("objection")
def object_to(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Write a unit's objection; a second one after a ruling is refused (潍坊 §22)."""
    if act.task is None or act.task.assignment is None:
        raise ValueError("an objection belongs to an assignment")
    assignment = act.task.assignment
    if Objection.objects.filter(assignment=assignment).exists():
        raise errors.RuledAlready
    suggested = _units_of(act).filter(public_id=value["suggest"]).first() if value.get("suggest") else None
    Objection.objects.create(
        **_written(act),
        assignment=assignment,
        unit=assignment.unit,
        reason=value["reason"],
        suggested=suggested,
    )
    act.say("objected", unit=assignment.unit.name, suggested=suggested.name if suggested else "")


@recorder("ruling")
def rule_on(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Rule on an objection; when it is upheld the assignment moves to another unit."""
    if act.task is None or act.task.assignment is None:
        raise ValueError("a ruling belongs to an assignment")
    assignment = act.task.assignment
    objection = Objection.objects.select_for_update().get(assignment=assignment)
    objection.upheld = value["decision"] == "upheld"
    objection.ruling, objection.ruled_by, objection.ruled_at = value["reason"], act.person, act.now
    objection.save()
    if objection.upheld:
        move_assignment(
            act,
            assignment,
            value.get("unit") or (objection.suggested.public_id if objection.suggested else ""),
        )
    act.routing["ruling"] = value["decision"]
    act.say(
        "objection_ruled", upheld=objection.upheld or None, unit=objection.unit.name, to=assignment.unit.name
    )


def move_assignment(act: Act, assignment: Assignment, unit_id: str) -> None:
    """
    调整承办单位: give an assignment to another unit.

    :raises UnitMissing: if none was chosen
    :raises UnitUnknown: if there is no such unit
    :raises UnitAssignedAlready: if the unit has a part in this round
    """
    if not unit_id:
        raise errors.UnitMissing
    unit = _units_of(act).filter(public_id=unit_id).first()
    if unit is None:
        raise errors.UnitUnknown
    if Assignment.objects.filter(case=act.case, round=assignment.round, unit=unit).exists():
        raise errors.UnitAssignedAlready
    before, assignment.unit = assignment.unit, unit
    assignment.save(update_fields=["unit"])
    act.say("unit_changed", before=before.name, after=unit.name, part=assignment.part)


def _written(act: Act) -> dict[str, Any]:
    """Who writes, when, at which task and in which round: the columns of every record."""
    return {
        "case": act.case,
        "task": act.task,
        "round": act.case.round,
        "by": act.person,
        "at": act.now,
    }


def _units_of(act: Act) -> UnitQuerySet:
    """The units that can handle the case: those of its own jurisdiction."""
    return Unit.objects.that_handle().filter(jurisdiction=act.case.jurisdiction_id)


def _unit_of(act: Act) -> Unit | None:
    """The unit for which a person writes: the task's, else the one of the post that acts."""
    if act.task is not None and act.task.unit is not None:
        return act.task.unit
    for post in act.by.held:
        if post.unit_id is not None:
            return Unit.objects.get(pk=post.unit_id)
    return None
