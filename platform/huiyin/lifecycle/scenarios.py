"""
Scenarios: what a process must do, told as people's acts, run through the real services and rolled back.

A scenario file: `name`, `received` (moment), `report` (answers), `steps`, `expect`. A step is one of
`do: <task id>` with `answers` (`unit: a` where several units hold the task, `refused: <refusal>` where it must be
refused), `wait: <moment>`, `withdraw: <reason>`, `sign: <deputy>`, `unsign: <deputy>`, `agree: <deputy>` (to a withdrawal),
`ballot: <how many deputies vote for the case>`. `also` reports a second matter first (`@other`), `also_steps` bring it on
its way; `beside` names processes that are published beside it. `place` names the level at which it is reported.
`services` are what services outside answer, by service task; nobody is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.cases.services import projection
from huiyin.cases.texts import text_hash
from huiyin.congress import services as congress
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import actors
from huiyin.directory.models import Place
from huiyin.jobs.models import Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, virtual
from huiyin.lifecycle.bundle import Bundle
from huiyin.lifecycle.storing import store
from huiyin.rules.models import Profile

PARTS = ("name", "received", "report", "steps", "expect")


class ScenarioFailed(errors.Invalid):
    """The scenario “%(name)s” does not end as it says: %(what)s"""


@dataclass
class Run:
    """What a scenario passed on its way."""

    name: str
    passed: set[str] = field(default_factory=set)
    completions: int = 0


def run_all(bundle: Bundle, profile: Profile) -> list[Run]:
    """
    Run every scenario of a bundle; nothing of it stays.

    :raises ScenarioFailed: at the first that does not end as it says
    """
    return [run(bundle, profile, scenario) for scenario in bundle.scenarios]


def failures(bundle: Bundle, profile: Profile) -> list[ScenarioFailed]:
    """Run every scenario of a bundle and return what was wrong with those that do not end as they say."""
    found = []
    for scenario in bundle.scenarios:
        try:
            run(bundle, profile, scenario)
        except ScenarioFailed as failure:
            found.append(failure)
    return found


def run(bundle: Bundle, profile: Profile, scenario: dict[str, Any]) -> Run:
    """
    Run one scenario in a town of its own.

    :raises ScenarioFailed: if a step is refused or the end is not as expected
    """
    lacking = [part for part in PARTS if part not in scenario]
    if lacking:
        name = scenario.get("name") or scenario.get("file", "")
        raise ScenarioFailed(name=name, what=f"it lacks {', '.join(lacking)}")
    found = Run(scenario["name"])
    with rolled_back(), _watching(found):
        town = sandbox.build(profile)
        try:
            case = play(bundle, town, scenario, found)
        except errors.Refusal as refusal:
            detail = getattr(refusal, "problems", "")
            raise ScenarioFailed(name=scenario["name"], what=f"{refusal.sentence} {detail}") from refusal
        _compare(case, scenario)
    return found


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction of which nothing stays: what is tried in it has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _watching(found: Run) -> Iterator[None]:
    token = projection.watcher.set(found.passed.update)
    try:
        yield
    finally:
        projection.watcher.reset(token)


def moment(text: object) -> datetime:
    """Read “2026-09-01 09:00” as the office's time."""
    return timezone.make_aware(datetime.fromisoformat(str(text)))


def play(bundle: Bundle, town: sandbox.Town, scenario: dict[str, Any], found: Run) -> Case:
    """
    Play a scenario's steps in a town and return the case; the caller's transaction decides what stays.

    :raises ScenarioFailed: if a step does not find its task, or is not refused where it should be
    """
    now = moment(scenario["received"])
    place = town.place_for(bundle.levels, scenario.get("place"))
    definition = store(bundle, town.jurisdiction, version=1, by=None, now=now)
    for other in scenario.get("beside", ()):
        store(bundles.read(other), town.jurisdiction, version=1, by=None, now=now)
    if "also" in scenario:
        town.others.append(_start(definition, town, place, scenario["also"], now))
        for number, step in enumerate(scenario.get("also_steps", ())):
            _do(town, town.others[0], scenario, number, step, now)
    case = _start(definition, town, place, scenario["report"], now)
    for number, step in enumerate(scenario["steps"]):
        now += timedelta(minutes=10)
        if "wait" in step:
            now = moment(step["wait"])
            virtual.pass_time(case.pk, now, scenario.get("services", {}))
            failed = Job.objects.filter(subject_kind="case", subject_id=case.pk, attempts__gt=0).first()
            if failed is not None:
                raise ScenarioFailed(
                    name=scenario["name"],
                    what=f"step {number + 1}: the job {failed.kind} failed ({failed.error})",
                )
        elif "withdraw" in step:
            asker = actors.reporter(case.reporter)
            services.withdraw_case(case=case, reason=step["withdraw"], by=asker, now=now)
        elif act := next((name for name in _ACTS if name in step), None):
            with time_source.standing_at(now):
                _ACTS[act](town, case, step[act], now)
        else:
            _do(town, case, scenario, number, step, now)
            found.completions += 1
    case.refresh_from_db()
    return case


def _start(
    definition: Definition, town: sandbox.Town, place: Place, report: dict[str, Any], now: datetime
) -> Case:
    answers: Any = town.resolve(report)
    by = town.actors["deputy"] if definition.starters else None
    asker = by.person if by else None
    with time_source.standing_at(now):
        return services.start_case(
            definition=definition, answers=answers, place=place, by=by, asker=asker, now=now
        )


def _sign(town: sandbox.Town, case: Case, name: str, now: datetime) -> None:
    case.refresh_from_db()
    congress.sign(case=case, by=town.actors[name], now=now, seen_hash=text_hash(case))


def _unsign(town: sandbox.Town, case: Case, name: str, now: datetime) -> None:
    congress.withdraw_signature(case=case, by=town.actors[name], now=now)


def _agree(town: sandbox.Town, case: Case, name: str, now: datetime) -> None:
    congress.agree_to_withdraw(case=case, by=town.actors[name], now=now)


def _ballot(town: sandbox.Town, case: Case, votes: int, now: datetime) -> None:
    """All deputies vote; so many of them for the case, the others for nobody."""
    office = town.actors["congress"]
    session = congress.session_in_force(place=town.place_for((Place.Level.COUNTY,)), moment=now)
    prepared = congress.prepare_ballot(
        session=session, title="票决", method="approval", places=1, cases=[case], by=office, now=now
    )
    ballot = congress.open_ballot(ballot=prepared, by=office, now=now)
    for number, name in enumerate(("deputy", *sandbox.DEPUTIES)):
        congress.cast(ballot=ballot, marks=[1] if number < votes else [], by=town.actors[name], now=now)
    congress.close_and_count(ballot=ballot, by=office, now=now)
    town.ballots.append(ballot.public_id)


_ACTS = {"sign": _sign, "unsign": _unsign, "agree": _agree, "ballot": _ballot}


def _do(
    town: sandbox.Town, case: Case, scenario: dict[str, Any], number: int, step: dict[str, Any], now: datetime
) -> None:
    waiting: Sequence[Task] = list(
        Task.objects.open().filter(case=case, step_id=step["do"]).select_related("case__reporter")
    )
    if "unit" in step:
        waiting = [task for task in waiting if task.unit_id == town.units[step["unit"]].pk]
    if len(waiting) != 1:
        open_now = list(Task.objects.open().filter(case=case).values_list("step_id", flat=True))
        raise ScenarioFailed(
            name=scenario["name"], what=f"step {number + 1} wants one task {step['do']}, open are {open_now}"
        )
    task = waiting[0]
    answers: Any = town.resolve(step.get("answers", {}))
    if "refused" in step:
        try:
            with transaction.atomic():
                services.complete_task(
                    task=task, answers=answers, by=town.actor_for(task), now=now, key=f"{number}"
                )
        except errors.Refusal as refusal:
            if type(refusal).__name__ == step["refused"]:
                return
            raise
        raise ScenarioFailed(
            name=scenario["name"], what=f"step {number + 1} should be refused by {step['refused']}"
        )
    with time_source.standing_at(now):
        services.complete_task(task=task, answers=answers, by=town.actor_for(task), now=now, key=f"{number}")


def _compare(case: Case, scenario: dict[str, Any]) -> None:
    expect = scenario["expect"]
    open_now = sorted(Task.objects.open().filter(case=case).values_list("step_id", flat=True))
    actual = {
        "outcome": case.outcome,
        "round": case.round,
        "open": open_now,
        "ended": case.ended_at is not None,
        "ratings": {f"{row.rater}{row.round}": row.result for row in case.rating_rows.all()},
    }
    for name, wanted in expect.items():
        if actual[name] != wanted:
            raise ScenarioFailed(name=scenario["name"], what=f"{name} is {actual[name]}, expected {wanted}")
    if case.ended_at is not None and open_now:
        raise ScenarioFailed(name=scenario["name"], what=f"tasks are left open: {open_now}")
