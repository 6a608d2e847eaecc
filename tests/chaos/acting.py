"""A worker: takes one act at a time, does it through the services, says so. It may die at any point."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import django
from django.conf import settings

if "HUIYIN_CHAOS" in os.environ:  # the warm nursery sets up once, before it forks
    settings.DATABASES["default"]["NAME"] = os.environ["HUIYIN_CHAOS"]
    django.setup()

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.cases.texts import text_hash
from huiyin.config import backups, restoring
from huiyin.congress import services as congress
from huiyin.congress.models import Ballot
from huiyin.core import errors, time_source
from huiyin.directory import actors
from huiyin.directory.models import Jurisdiction, Place
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing, virtual
from huiyin.rules import services as rules
from huiyin.rules.models import Profile
from tests.chaos import judging
from tests.letters import joint

Said = dict[str, Any]


def serve(wire: Connection, control: str) -> None:
    """Answer acts until the other end is closed; `control` names a fault of our own that the harness must find."""
    if control == "history-first":
        _commit_history_before_state()
    towns: dict[str, sandbox.Town] = {}
    while True:
        try:
            act = wire.recv()
        except EOFError:
            return
        try:
            wire.send(_done(act, towns, wire))
        except (OperationalError, InterfaceError) as error:
            connection.close()
            wire.send({"away": str(error)[:200]})


def _done(act: Said, towns: dict[str, sandbox.Town], wire: Connection) -> Said:
    if "chore" in act:
        return _CHORES[act["chore"]](**act["said"])
    town = towns.get(act["town"]) or towns.setdefault(act["town"], sandbox.find(act["town"]))
    now = datetime.fromisoformat(act["at"])
    name = next(name for name in _ACTS if name in act)
    told: Said = {}
    # The harness moves the clock of each life by itself: no worker of the platform takes its rows.
    with jobs.held(), time_source.standing_at(now):
        try:
            told = _ACTS[name](town, act, now, wire) or {}
        except errors.Refusal as refusal:
            told = {"refused": type(refusal).__name__}
    _leave_a_row(act)
    return {"done": True, **told}


def _leave_a_row(act: Said) -> None:
    """A row for the platform's own workers: it must be done in the end, whatever happens to them and to Redis."""
    if act.get("row"):
        jobs.enqueue(jobs.Work("history.seal", "system", 0, act["row"], time_source.now()))


def _start(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    definition = town.jurisdiction.definitions.get(process=act["process"])
    place = town.place_for(bundles.read(act["process"]).levels, act["place"])
    town.others[:] = [Case.objects.get(pk=act["other"])] if act.get("other") else []
    by = town.actors["deputy"] if definition.starters else None
    answers: Any = town.resolve(act["report"])
    case = services.start_case(
        definition=definition, answers=answers, place=place, by=by, asker=by.person if by else None,
        now=now, source_key=act["start"],
    )  # fmt: skip
    return {"case": case.pk}


def _do(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    town.others[:] = [Case.objects.get(pk=act["other"])] if act.get("other") else []
    town.ballots[:] = [act["ballot"]] if act.get("ballot") else []
    task = _task(town, act)
    if task is None:
        return {"refused": "no such task"}
    wire.send({"saw": task.pk})
    answers: Any = town.resolve(joint(act.get("answers", {})))
    services.complete_task(task=task, answers=answers, by=town.actor_for(task), now=now, key=act["key"])
    return {}


def _task(town: sandbox.Town, act: Said) -> Task | None:
    """The task that this request is about: the one it saw before, else the one that is open now."""
    tasks = Task.objects.select_related("case__reporter")
    if act.get("saw"):
        return tasks.get(pk=act["saw"])
    waiting = tasks.filter(case=act["case"], step_id=act["do"], status="open")
    if "unit" in act:
        waiting = waiting.filter(unit=town.units[act["unit"]])
    return waiting.order_by("pk").first()


def _wait(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    virtual.pass_time(act["case"], now)
    failed = Job.objects.filter(
        subject_kind="case", subject_id=act["case"], status=Job.Status.HELD, attempts__gt=0
    )
    if failed.update(
        attempts=0
    ):  # the database went away under a row: the platform would try it again by itself
        virtual.pass_time(act["case"], now)
    return {}


def _withdraw(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    case = _case(act)
    services.withdraw_case(case=case, reason=act["withdraw"], by=actors.reporter(case.reporter), now=now)
    return {}


def _sign(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    case = _case(act)
    congress.sign(case=case, by=town.actors[act["sign"]], now=now, seen_hash=text_hash(case))
    return {}


def _unsign(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    congress.withdraw_signature(case=_case(act), by=town.actors[act["unsign"]], now=now)
    return {}


def _agree(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    congress.agree_to_withdraw(case=_case(act), by=town.actors[act["agree"]], now=now)
    return {}


def _prepare(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    case = _case(act)
    known = Ballot.objects.filter(candidates__case=case).order_by("-pk").first()
    if known is None or known.state == Ballot.State.COUNTED:
        session = congress.session_in_force(place=town.place_for((Place.Level.COUNTY,)), moment=now)
        known = congress.prepare_ballot(
            session=session, title="票决", method="approval", places=1, cases=[case],
            by=town.actors["congress"], now=now,
        )  # fmt: skip
    return {"ballot": known.public_id}


def _open(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    congress.open_ballot(ballot=_ballot(act), by=town.actors["congress"], now=now)
    return {}


def _cast(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    name = ("deputy", *sandbox.DEPUTIES)[act["cast"]]
    congress.cast(ballot=_ballot(act), marks=[1] if act["for"] else [], by=town.actors[name], now=now)
    return {}


def _count(town: sandbox.Town, act: Said, now: datetime, wire: Connection) -> Said:
    congress.close_and_count(ballot=_ballot(act), by=town.actors["congress"], now=now)
    return {}


def _case(act: Said) -> Case:
    return Case.objects.select_related("reporter").get(pk=act["case"])


def _ballot(act: Said) -> Ballot:
    return Ballot.objects.get(public_id=act["ballot"])


_ACTS: dict[str, Callable[[sandbox.Town, Said, datetime, Connection], Said | None]] = {
    "start": _start, "do": _do, "wait": _wait, "withdraw": _withdraw, "sign": _sign, "unsign": _unsign,
    "agree": _agree, "prepare": _prepare, "open": _open, "cast": _cast, "count": _count,
}  # fmt: skip


def _migrate() -> Said:
    call_command("migrate", verbosity=0)
    rules.seed_calendar()
    jurisdiction = Jurisdiction.objects.create(code="rules", name="规则县")
    rules.load_profile(jurisdiction=jurisdiction, code="zhejiang-2016")
    return {}


def _build(town: str) -> Said:
    """A town with every shipped process."""
    profile = Profile.objects.get(jurisdiction__code="rules")
    made = sandbox.build(profile, town)
    for process in bundles.shipped():
        storing.store(
            bundles.read(process), made.jurisdiction, version=1, by=None, now=time_source.now()
        )  # fmt: skip
    return {}


def _rows_left(key: str) -> Said:
    return {"rows": Job.objects.filter(key__startswith=key, status=Job.Status.WAITING).count()}


def _back_up(folder: str) -> Said:
    try:
        return {"made": str(backups.make(Path(folder), time_source.now()))}
    except backups.BackupFailed as refusal:
        return {"away": refusal.sentence}


def _restore(made: str) -> Said:
    found = restoring.check(Path(made))
    return {"cases": found.cases, "entries": found.entries, "faults": found.faults}


_CHORES: dict[str, Callable[..., Said]] = {
    "migrate": _migrate, "build": _build, "rows_left": _rows_left, "judge": judging.verdict,
    "back_up": _back_up, "restore": _restore,
}  # fmt: skip


def _commit_history_before_state() -> None:
    """The negative control: what was written so far is committed before the engine's new state is."""
    from huiyin.cases.services import projection

    apply = projection.apply

    def broken(*args: Any, **named: Any) -> None:
        connection.connection.commit()
        apply(*args, **named)

    projection.apply = broken
