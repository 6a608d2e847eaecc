"""Recorders of who handles a case: units, objections, rulings."""

from __future__ import annotations

from typing import Any

from huiyin.cases import errors, runtime
from huiyin.cases.models import Assignment, Clock, Objection, Task
from huiyin.cases.recorders.common import today, units_of, written
from huiyin.cases.recording import Act, recorder
from huiyin.directory import addresses
from huiyin.directory.models import Unit
from huiyin.directory.roles import Role
from huiyin.forms.document import Field


@recorder("units")
def assign(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Assign 主办 and 协办 for the round.

    :raises UnitUnknown: if one is no unit that handles matters
    :raises UnitUnstaffed: if a post that the process needs in one is empty
    """
    wanted = [value["lead"], *(code for code in value.get("co", []) if code != value["lead"])]
    units = {unit.public_id: unit for unit in units_of(act).filter(public_id__in=wanted)}
    if len(units) != len(wanted):
        raise errors.UnitUnknown
    for code in wanted:
        _check_staffed(act, units[code], is_lead=code == wanted[0])
    rows = _replace(act, [units[code] for code in wanted])
    act.routing["assignments"] = [row.public_id for row in rows]
    act.routing["lead_assignment"] = rows[0].public_id
    act.routing["co_assignments"] = [row.public_id for row in rows[1:]]
    act.say(
        "units_assigned",
        lead=rows[0].unit.name,
        co="、".join(row.unit.name for row in rows[1:]),
        round=act.case.round,
    )


@recorder("receiver")
def propose(act: Act, field: Field, value: str) -> None:
    """
    建议承办单位: the completion keeps it; the office that assigns finds it filled in, and decides.

    :raises UnitUnknown: if it is no unit that handles matters
    """
    unit = units_of(act).filter(public_id=value).first()
    if unit is None:
        raise errors.UnitUnknown
    act.say("receiver_proposed", unit=unit.name)


def _check_staffed(act: Act, unit: Unit, *, is_lead: bool) -> None:
    """
    Refuse a unit in which a step of the process would wait for nobody.

    :raises UnitUnstaffed: if a post that an address names is empty
    """
    steps = runtime.of(act.case.definition_id).process.steps.values()
    for address in {step.props["address"] for step in steps if "address" in step.props}:
        wanted = addresses.parse(address)
        if wanted.kind != "unit" or (wanted.name == "lead" and not is_lead):
            continue
        if not addresses.is_staffed(unit, wanted.role, today(act)):
            raise errors.UnitUnstaffed(unit=unit.name, role=(wanted.role or Role.HANDLER).label)


def _replace(act: Act, units: list[Unit]) -> list[Assignment]:
    """The round's assignments, lead first: those that were only proposed give way, a unit that stays keeps its row."""
    known = {row.unit_id: row for row in Assignment.objects.filter(case=act.case, round=act.case.round)}
    wanted = {unit.pk for unit in units}
    Assignment.objects.filter(pk__in=[row.pk for unit, row in known.items() if unit not in wanted]).delete()
    # A round has one lead at any moment: all stand back before one steps forward.
    Assignment.objects.filter(case=act.case, round=act.case.round).update(part=Assignment.Part.CO)
    rows = []
    for index, unit in enumerate(units):
        row = known.get(unit.pk) or Assignment(
            case=act.case, unit=unit, round=act.case.round, assigned_at=act.now
        )
        row.part = Assignment.Part.CO if index else Assignment.Part.LEAD
        row.save()
        rows.append(row)
    return rows


@recorder("objection")
def object_to(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Write a unit's objection; a second one of the same unit after a ruling is refused (潍坊 §22).

    :raises RuledAlready: if the unit has objected to this part before
    :raises ObjectedTooLate: if the period for it has ended
    """
    if act.task is None or act.task.assignment is None:
        raise ValueError("an objection belongs to an assignment")
    assignment = act.task.assignment
    if Objection.objects.filter(assignment=assignment, unit=assignment.unit).exists():
        raise errors.RuledAlready
    _check_period(act, act.task)
    suggested = units_of(act).filter(public_id=value["suggest"]).first() if value.get("suggest") else None
    Objection.objects.create(
        **written(act),
        assignment=assignment,
        unit=assignment.unit,
        reason=value["reason"],
        suggested=suggested,
    )
    act.say("objected", unit=assignment.unit.name, suggested=suggested.name if suggested else "")


def _check_period(act: Act, task: Task) -> None:
    """The clock of the step at which a unit may object says until when."""
    clock = Clock.objects.filter(task=task).order_by("-due_on").first()
    if clock is not None and (clock.due_at < act.now if clock.due_at else clock.due_on < today(act)):
        raise errors.ObjectedTooLate(day=clock.due_on.isoformat())


@recorder("ruling")
def rule_on(act: Act, field: Field, value: dict[str, Any]) -> None:
    """Rule on an objection; when it is upheld the assignment moves to another unit."""
    if act.task is None or act.task.assignment is None:
        raise ValueError("a ruling belongs to an assignment")
    assignment = act.task.assignment
    objection = Objection.objects.select_for_update().get(assignment=assignment, ruled_at=None)
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
    :raises UnitUnstaffed: if a post that the process needs in it is empty
    """
    if not unit_id:
        raise errors.UnitMissing
    unit = units_of(act).filter(public_id=unit_id).first()
    if unit is None:
        raise errors.UnitUnknown
    if Assignment.objects.filter(case=act.case, round=assignment.round, unit=unit).exists():
        raise errors.UnitAssignedAlready
    _check_staffed(act, unit, is_lead=assignment.part == Assignment.Part.LEAD)
    before, assignment.unit = assignment.unit, unit
    assignment.handler, assignment.inside_due_on = None, None
    assignment.save(update_fields=["unit", "handler", "inside_due_on"])
    act.say("unit_changed", before=before.name, after=unit.name, part=assignment.part)
