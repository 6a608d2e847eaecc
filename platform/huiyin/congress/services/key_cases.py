"""重点督办: put a matter on the key list, write its plan and its report, take it off."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from huiyin.cases import errors as case_errors
from huiyin.cases.models import Case, Task
from huiyin.cases.recording import Act
from huiyin.cases.services import locking
from huiyin.congress import errors
from huiyin.congress.models import KeyCase
from huiyin.core import time_source
from huiyin.directory.actors import Actor


@transaction.atomic
def list_key_case(
    *, case: Case, decision: str, leader: str, committee: str = "", on: date, by: Actor, now: datetime
) -> KeyCase:
    """
    Put a matter on the key list, as the 主任会议 decided; the mover and those who hold its tasks are told.

    :param decision: the meeting that decided
    :param leader: who leads (领办领导), by name
    :param committee: the committee of its field, if the decision names one
    :param on: the day of the decision
    :raises NotYourAct: without the right, at the case's place
    :raises DecisionMissing: without a decision or a leader, or with too many words
    :raises DaysOutOfOrder: if it is to be decided in the future
    :raises CaseClosed: if the matter is closed
    :raises ListedAlready: if it is on the list
    """
    locked = locking.lock(case.pk)
    by.require("case.list_key", locked.place)
    words = {"decision": decision.strip(), "leader": leader.strip(), "committee": committee.strip()}
    missing = not (words["decision"] and words["leader"])
    if missing or any(len(text) > _room(name) for name, text in words.items()):
        raise errors.DecisionMissing
    if on > time_source.day_of(now):
        raise errors.DaysOutOfOrder
    if locked.closed_at is not None:
        raise case_errors.CaseClosed
    if KeyCase.objects.standing().filter(case=locked).exists():
        raise errors.ListedAlready
    act = Act(locked, by, now)
    row = KeyCase.objects.create(case=locked, listed_on=on, listed_by=act.person, listed_at=now, **words)
    act.say("key_listed", on=on, **words)
    _tell(act, row)
    locking.finish(act)
    return row


@transaction.atomic
def plan_key_case(*, key_case: KeyCase, plan: str, on: date, by: Actor, now: datetime) -> KeyCase:
    """
    Write the plan of a key matter, or replace it until the report; the history keeps every version.

    :param on: the day of the plan
    :raises NotYourAct: without the right, at the case's place
    :raises TakenOffTheList: if it was taken off
    :raises ReportEntered: if the report is entered
    :raises WordsMissing: without words
    :raises DaysOutOfOrder: if the day lies before the decision or in the future
    """
    act, row = _begin(key_case, "case.oversee_key", by, now)
    _check(plan, row.listed_on, on, now)
    act.say("key_planned", on=on, plan=plan.strip(), again=row.plan_on is not None)
    row.plan, row.plan_on, row.planned_by, row.planned_at = plan.strip(), on, act.person, now
    row.save(update_fields=["plan", "plan_on", "planned_by", "planned_at"])
    locking.finish(act)
    return row


@transaction.atomic
def report_key_case(*, key_case: KeyCase, report: str, on: date, by: Actor, now: datetime) -> KeyCase:
    """
    Write the report on a key matter, also after it was closed; the mover is told.

    :param on: the day of the report
    :raises NotYourAct: without the right, at the case's place
    :raises TakenOffTheList: if it was taken off
    :raises ReportEntered: if there is one
    :raises PlanFirst: without a plan: an office that worked on paper enters that first
    :raises WordsMissing: without words
    :raises DaysOutOfOrder: if the day lies before the plan or in the future
    """
    act, row = _begin(key_case, "case.oversee_key", by, now)
    if row.plan_on is None:
        raise errors.PlanFirst
    _check(report, row.plan_on, on, now)
    row.report, row.reported_on, row.reported_by, row.reported_at = report.strip(), on, act.person, now
    row.save(update_fields=["report", "reported_on", "reported_by", "reported_at"])
    act.say("key_reported", on=on, leader=row.leader)
    act.notify(act.case.reporter_id, "key_reported", f"{row.pk}", number=act.case.number)
    locking.finish(act)
    return row


@transaction.atomic
def delist_key_case(*, key_case: KeyCase, reason: str, on: date, by: Actor, now: datetime) -> KeyCase:
    """
    Take a matter off the key list; what was reported stays on it.

    :param on: the day of the decision to take it off
    :raises NotYourAct: without the right, at the case's place
    :raises TakenOffTheList: if it was taken off before
    :raises ReportEntered: if the report is entered
    :raises ReasonMissing: without a reason
    :raises DaysOutOfOrder: if the day lies before the decision to list it or in the future
    """
    act, row = _begin(key_case, "case.list_key", by, now)
    if not reason.strip():
        raise case_errors.ReasonMissing
    _check(reason, row.listed_on, on, now)
    row.delisted_on, row.delisted_reason, row.delisted_by, row.delisted_at = (
        on,
        reason.strip(),
        act.person,
        now,
    )
    row.save(update_fields=["delisted_on", "delisted_reason", "delisted_by", "delisted_at"])
    act.say("key_delisted", on=on, reason=reason.strip())
    locking.finish(act)
    return row


def _room(column: str) -> int:
    return KeyCase._meta.get_field(column).max_length or 0


def _begin(key_case: KeyCase, right: str, by: Actor, now: datetime) -> tuple[Act, KeyCase]:
    """Lock the case, check the right at its place, and read the row anew."""
    case = locking.lock(key_case.case_id)
    by.require(right, case.place)
    row = KeyCase.objects.get(pk=key_case.pk)
    if row.delisted_on is not None:
        raise errors.TakenOffTheList
    if row.reported_on is not None:
        raise errors.ReportEntered
    return Act(case, by, now), row


def _check(words: str, after: date, on: date, now: datetime) -> None:
    if not words.strip():
        raise errors.WordsMissing
    if not after <= on <= time_source.day_of(now):
        raise errors.DaysOutOfOrder


def _tell(act: Act, row: KeyCase) -> None:
    """Tell the mover, and whoever holds a task of the matter; an unclaimed one is everybody's and shows the badge."""
    held = Task.objects.open().filter(case=act.case).exclude(claimed_by=None, person=None)
    people = {task.claimed_by_id or task.person_id for task in held} | {act.case.reporter_id}
    for person_id in sorted(person for person in people if person is not None):
        act.notify(
            person_id,
            "key_listed",
            f"{row.pk}",
            number=act.case.number,
            decision=row.decision,
            leader=row.leader,
        )
