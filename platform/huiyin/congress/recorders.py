"""The recorders of the field kinds whose rows belong to the congress."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.models import Case, Fact
from huiyin.cases.recorders.common import lead_of, rejected
from huiyin.cases.recording import Act, recorder
from huiyin.congress import errors, numerals, selectors, signing, tables
from huiyin.congress.models import Ballot, Commitment, Registration, Series
from huiyin.congress.services.commitments import enqueue_reminders
from huiyin.congress.services.drafting import enqueue_telling
from huiyin.congress.services.sessions import session_in_force
from huiyin.core import time_source
from huiyin.forms.document import Field


@recorder("invitations")
def invite(act: Act, field: Field, value: list[str]) -> None:
    """
    Ask the deputies whom the mover chose for their signatures.

    :raises NotADeputyHere: if one is no deputy of this congress, or the mover
    :raises InvitedAlready: if one was asked before
    """
    signing.check_open(act.case)
    signing.invite(act, value)


@recorder("signatures")
def submit(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Submit a matter with the signatures that count for its text; the moment decides to which session it belongs.

    :raises NotADeputyHere: if the mover's term has ended; what was moved before and is turned into this goes on
    :raises TooFewSigners: if fewer propose it than the law asks
    """
    if act.case.derived_from_id is None:
        signing.check_deputy(act.case, act.case.reporter, act.said_at)
    # A fact of an earlier submission would date the signatures of this one.
    Fact.objects.filter(case=act.case, name=selectors.SUBMITTED).delete()
    have, need = selectors.proposers(act.case, time_source.day_of(act.said_at))
    if have < need:
        raise errors.TooFewSigners(have=have, need=need)
    _keep_fact(act.case, selectors.SUBMITTED, act.said_at.isoformat(), time_source.day_of(act.said_at))
    act.say("signatures_submitted", have=have, joint=have > 1 or None)


@recorder("register")
def register_case(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    立案: give the official number, the next of its session and kind; without gaps, for a number is given with its case.

    A matter that is accepted again, after it fell short of signatures, keeps its number.

    :raises CategoryUnknown: if the form does not offer the category
    :raises NoTerm: if no session can be found
    :raises NumberTaken: if another kind of matter is called the same
    """
    case = act.case
    options = field.ui.get("options", {})
    if value["category"] not in options:
        raise errors.CategoryUnknown
    _keep_fact(case, "category", value["category"])
    words = options[value["category"]].get("zh", value["category"])
    if Registration.objects.filter(case=case).update(category=value["category"]):
        act.say("registered", number=case.number, category=words)
        return
    series, title = _next_number(case)
    Case.objects.filter(pk=case.pk).update(number=title)
    case.number = title
    Registration.objects.create(
        case=case,
        session=series.session,
        kind=case.kind,
        number=series.last,
        category=value["category"],
        registered_at=act.now,
    )
    act.say("registered", number=title, category=words)
    for person_id in (case.reporter_id, *case.signatures.signed().values_list("deputy_id", flat=True)):
        act.notify(person_id, "registered", "1", number=title, title=case.title)
    enqueue_telling(case, act.now)


def _next_number(case: Case) -> tuple[Series, str]:
    """Take the next number of the session to which the case was submitted, and what it is called with it."""
    moment = selectors.submitted_at(case)
    place = selectors.congress_of(case, time_source.day_of(moment))
    session = session_in_force(place=place, moment=moment)
    Series.objects.bulk_create([Series(session=session, kind=case.kind)], ignore_conflicts=True)
    # Held to the end of the transaction: who comes next waits, and if this one is rolled back takes the same number.
    series = Series.objects.select_for_update().get(session=session, kind=case.kind)
    series.last += 1
    series.save(update_fields=["last"])
    title = numerals.title_of(session, tables.label(case.kind, case.definition.name), series.last)
    if Case.objects.filter(jurisdiction=case.jurisdiction_id, number=title).exists():
        raise errors.NumberTaken(number=title)
    return series, title


@recorder("commitments")
def promise(act: Act, field: Field, value: list[dict[str, Any]]) -> None:
    """
    Enter what the lead unit of the round promises, each with its day.

    :raises DueTooEarly: if one is due today or earlier
    :raises NoLeadUnit: if no unit leads the matter
    """
    if not value:
        return
    today = time_source.day_of(act.now)
    if any(one["due_on"] <= today.isoformat() for one in value):
        raise errors.DueTooEarly
    unit = lead_of(act)
    if unit is None:
        raise errors.NoLeadUnit
    rows = [
        Commitment(
            case=act.case,
            case_round=act.case.round,
            unit=unit,
            text=one["text"],
            due_on=one["due_on"],
            made_at=act.now,
            made_on=today,
        )
        for one in value
    ]
    for row in Commitment.objects.bulk_create(rows):
        row.refresh_from_db(fields=["due_on"])
        enqueue_reminders(row, act.now)
    act.say(
        "commitments_made",
        unit=unit.name,
        count=len(rows),
        due=max(one["due_on"] for one in value),
    )


@recorder("ballot")
def decide(act: Act, field: Field, value: dict[str, Any]) -> None:
    """
    Let a counted ballot decide about the case; routing `elected`.

    :raises BallotUnknown: if this congress holds no such ballot
    :raises NotCounted: while it is not counted
    :raises NotACandidate: if the case did not stand in it
    :raises BallotUndecided: if it lacked a quorum, or the case is tied at the cut
    """
    ballots = Ballot.objects.filter(public_id=value["ballot"], session__jurisdiction=act.case.jurisdiction_id)
    ballot = ballots.first()
    if ballot is None:
        raise errors.BallotUnknown
    if ballot.state != Ballot.State.COUNTED:
        raise errors.NotCounted
    candidate = ballot.candidates.filter(case=act.case).first()
    if candidate is None:
        raise errors.NotACandidate
    result = ballot.result
    if result["status"] == "no_quorum" or candidate.number in result["tied"]:
        raise errors.BallotUndecided
    elected = candidate.number in result["elected"]
    votes = next(one["votes"] for one in result["standings"] if one["number"] == candidate.number)
    act.routing["elected"] = elected
    _keep_fact(act.case, "ballot", ballot.public_id)
    _keep_fact(act.case, "votes", f"{votes}/{result['roll']}")
    act.say("ballot_decided", title=ballot.title, votes=votes, roll=result["roll"], elected=elected or None)


@recorder("tally")
def tally(act: Act, field: Field, value: dict[str, int]) -> None:
    """
    满意度测评: enter what a meeting's members said, counted by hand.

    :raises AnswersRejected: if there are no members, or more answers than members
    """
    parts = ("satisfied", "basic", "dissatisfied", "abstained")
    if value["members"] <= 0 or sum(value[part] for part in parts) > value["members"]:
        raise rejected(field, _("应到人数须大于零，且不少于各项票数之和"), "members")
    for name in ("members", *parts):
        act.routing[f"tally_{name}"] = value[name]
    act.say("tallied", **{name: value[name] for name in ("members", *parts)})


def _keep_fact(case: Case, name: str, text: str, on: Any = None) -> None:
    Fact.objects.update_or_create(case=case, name=name, defaults={"text": text[:200], "on": on})
