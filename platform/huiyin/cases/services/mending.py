"""What an operator does about work that failed: try it again, leave it with a reason, or correct the facts and try again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from huiyin import engine
from huiyin.cases import errors, runtime
from huiyin.cases.models import Case, CaseState
from huiyin.cases.recording import Act
from huiyin.cases.services import calling, locking
from huiyin.directory.actors import Actor
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Incident


@transaction.atomic
def retry_incident(*, incident: Incident, by: Actor, now: datetime) -> Incident:
    """
    Try again what failed: a job runs at once, an act can be done again by the person who wanted it.

    :raises NotYourAct: without the right to decide about incidents
    :raises jobs.AlreadyResolved: if somebody decided already
    """
    by.require("incident.resolve")
    act = _act_on(incident, by, now)
    done = jobs.retry(incident=incident, by=by.person, now=now)
    if act is not None:
        act.say("incident_retried", **_what(incident))
        locking.finish(act)
    return done


@transaction.atomic
def skip_incident(*, incident: Incident, reason: str, by: Actor, now: datetime) -> Incident:
    """
    Leave undone what failed; the reason stands in the matter's history. A call that is left undone lets its case go on.

    :raises NotYourAct: without the right to decide about incidents
    :raises ReasonMissing: without a reason
    :raises CallFailed: if the process cannot go on without the result of a call
    :raises jobs.AlreadyResolved: if somebody decided already
    """
    by.require("incident.resolve")
    if not reason.strip():
        raise errors.ReasonMissing
    act = _act_on(incident, by, now)
    done = jobs.skip(incident=incident, reason=reason.strip(), by=by.person, now=now)
    if incident.what == calling.JOB and incident.job is not None:
        calling.skip_call(job=incident.job, now=now)
    if act is not None:
        act.say("incident_skipped", reason=reason.strip(), **_what(incident))
        locking.finish(act)
    return done


@transaction.atomic
def correct_case(
    *, incident: Incident, facts: Mapping[str, object], reason: str, by: Actor, now: datetime
) -> Incident:
    """
    Set facts that the diagram decides by, then try again what failed. The step before can no longer be recalled.

    :param facts: names and plain values (text, number, yes or no, list of ids); others stay as they are
    :raises NotYourAct: without the right to decide about incidents
    :raises ReasonMissing: without a reason
    :raises NoFacts: without a fact, for a value that is none, or if the incident is of no case
    :raises jobs.AlreadyResolved: if somebody decided already
    """
    by.require("incident.resolve")
    if not reason.strip():
        raise errors.ReasonMissing
    act = _act_on(incident, by, now)
    if act is None or not facts:
        raise errors.NoFacts
    run = runtime.of(act.case.definition_id)
    stands = CaseState.objects.get(case=act.case)
    known = engine.look(run.process, bytes(stands.state)).data
    try:
        advance = engine.correct(run.process, bytes(stands.state), data=facts)
    except engine.NotFacts as error:
        raise errors.NoFacts from error
    # What could be recalled was remembered with the old facts.
    CaseState.objects.filter(case=act.case).update(state=advance.state, before=[], undo=[])
    done = jobs.retry(incident=incident, by=by.person, now=now, corrected=True)
    changes = [f"{name}: {known.get(name)} → {value}" for name, value in facts.items()]
    act.say("facts_corrected", changes="; ".join(changes), reason=reason.strip(), **_what(incident))
    locking.finish(act)
    return done


def _act_on(incident: Incident, by: Actor, now: datetime) -> Act | None:
    """The act on the locked case that an incident is about; None for work of the platform itself."""
    if incident.subject_kind != "case" or not Case.objects.filter(pk=incident.subject_id).exists():
        return None
    return Act(locking.lock(incident.subject_id), by, now)


def _what(incident: Incident) -> dict[str, str]:
    return {"what": incident.what, "step": incident.step_id, "error": incident.error}
