"""
Take a running case over to another version of its process, and back.

What waits goes on waiting: tasks keep their keys, due dates, drafts and holders, clocks and their jobs are not touched.
Steps that are done stay with the version under which they were done; the matter's own chain says that it moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.models import Case, CaseState, Clock, Task
from huiyin.cases.recording import Act
from huiyin.cases.runtime import Runtime
from huiyin.cases.services import locking, projection
from huiyin.core import errors
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.history import selectors as history

#: The columns of a task that a move may change, and that come back with it.
COLUMNS = (
    "step_id", "name", "form", "address", "role", "unit_id", "place_id", "person_id", "not_person_id",
    "claimed_by_id", "inside_due_on",
)  # fmt: skip


class RunsElsewhere(errors.Conflict):
    """This matter does not run on that version any more."""


class CannotMove(errors.Conflict):
    """This matter cannot go over to the new version as it stands."""

    def __init__(self, obstacles: Iterable[engine.Obstacle]) -> None:
        super().__init__()
        self.obstacles = tuple(obstacles)


class WentOn(errors.Conflict):
    """Somebody has worked on this matter since it moved; it stays on the new version."""


class NotAsSaved(errors.Conflict):
    """What the process waits for and the open tasks of this matter do not agree; it stays as it was."""


@dataclass(frozen=True)
class Examined:
    """Where a case stands, where it would stand, and what is against it; `after` is None where the diagram alone refuses."""

    standing: tuple[engine.OpenTask, ...]
    after: engine.Advance | None
    obstacles: tuple[engine.Obstacle, ...]


@dataclass(frozen=True)
class Moved:
    """What a case was before it moved: enough to take it back, as bytes, JSON and plain columns."""

    state: bytes
    tasks: list[dict[str, Any]]
    stage: str
    #: of the case after the move: another one means that it has gone on
    revision: int
    at: datetime


def examine(old: Runtime, new: Runtime, state: bytes, steps: Mapping[str, str]) -> Examined:
    """Whether a case can go over; reads the state alone and changes nothing."""
    try:
        standing = engine.look(old.process, state).open
    except engine.ForeignState:
        return Examined((), None, (engine.Obstacle("", "unreadable"),))
    try:
        after = engine.migrate(old.process, new.process, state, steps=steps)
    except engine.CannotMove as refused:
        return Examined(standing, None, refused.obstacles)
    against = [*_closings(old, new, standing, steps), *_unasked(new, after)]
    return Examined(standing, after, tuple(against))


def _unasked(new: Runtime, after: engine.Advance) -> Iterable[engine.Obstacle]:
    """What the new diagram decides by and asks only at steps that the case is past."""
    steps = {task.step_id for task in after.open}
    if new.foresight.missing(steps, after.data):
        yield from new.foresight.missing(steps, engine.known(new.process, after.state))


def _closings(
    old: Runtime, new: Runtime, standing: Iterable[engine.OpenTask], steps: Mapping[str, str]
) -> Iterable[engine.Obstacle]:
    """Whether a matter is closed is read from the steps that wait: a move must not close or reopen it."""
    for task in standing:
        name = steps.get(task.step_id, task.step_id)
        was, now = (run.process.steps[step].props for run, step in ((old, task.step_id), (new, name)))
        if was.get("after_close") != now.get("after_close"):
            yield engine.Obstacle(task.step_id, "closing-changed", name)


def unheard(old: Runtime, new: Runtime, case_ids: Iterable[int]) -> dict[int, list[engine.Obstacle]]:
    """The running deadlines of some cases whose end would send a message that the new diagram no longer catches."""
    caught, still = ({step.message for step in run.process.steps.values()} for run in (old, new))
    lost = caught - still - {None}
    found: dict[int, list[engine.Obstacle]] = {}
    if not lost:
        return found
    running = Clock.objects.filter(case__in=list(case_ids), met_at=None, stopped_at=None)
    for clock in running.select_related("rule", "task"):
        for message in sorted({mark.get("message") for mark in clock.rule.marks} & lost):
            step = clock.task.step_id if clock.task else ""
            found.setdefault(clock.case_id, []).append(engine.Obstacle(step, "message-lost", message))
    return found


@transaction.atomic
def move_case(
    *, case: Case, source: Definition, target: Definition, steps: Mapping[str, str], by: Actor, now: datetime
) -> Moved:
    """
    Take a case over to another version; the step before can no longer be recalled.

    :param steps: step of the old version -> step of the new one, where they differ
    :raises RunsElsewhere: if it has moved already
    :raises CannotMove: with every reason
    :raises NobodyThere: if the new version's address leads to nobody
    :raises NotAsSaved: if what was written does not read back as what waits
    """
    case = locking.lock(case.pk)
    if case.definition_id != source.pk:
        raise RunsElsewhere
    state = bytes(CaseState.objects.values_list("state", flat=True).get(case=case))
    old, new = runtime.of(source.pk), runtime.of(target.pk)
    found = examine(old, new, state, steps)
    against = [*found.obstacles, *unheard(old, new, [case.pk]).get(case.pk, [])]
    if found.after is None or against:
        raise CannotMove(against)
    act, stage = Act(case, by, now), case.stage
    case.stage = _stage(case, found, old, new)
    tasks = _move_open(act, found.after, old, new) + _move_closed(case, source, steps)
    _write(case, target, found.after.state)
    act.say("case_moved", name=target.name, old=source.version, new=target.version)
    locking.finish(act)
    _prove(case, new)
    return Moved(state, tasks, stage, case.revision, now)


@transaction.atomic
def put_back(
    *, case: Case, moved: Moved, source: Definition, target: Definition, by: Actor, now: datetime
) -> Case:
    """
    Take a case back to the version that it came from, if nobody has worked on it since.

    :raises RunsElsewhere: if it has moved on to another version
    :raises WentOn: if a person or a deadline has moved it since
    :raises NotAsSaved: if what was written does not read back as what waits
    """
    case = locking.lock(case.pk)
    if case.definition_id != target.pk:
        raise RunsElsewhere
    last = history.last_of_a_person("case", case.pk)
    if case.revision != moved.revision or (last is not None and last[1] > moved.at):
        raise WentOn
    for saved in moved.tasks:
        row = Task.objects.get(pk=saved["pk"])
        _set(row, {name: saved[name] for name in COLUMNS if name in saved}, is_other=saved["is_other"])
    case.stage = moved.stage
    _write(case, source, moved.state)
    Task.objects.filter(case=case, done_under=source).update(done_under=None)
    act = Act(case, by, now)
    act.say("case_moved_back", name=source.name, old=target.version, new=source.version)
    locking.finish(act)
    _prove(case, runtime.of(source.pk))
    return case


def _stage(case: Case, found: Examined, old: Runtime, new: Runtime) -> str:
    """The mark on the progress bar, where an open step had set it and the new diagram sets another."""
    after = {task.key: task.step_id for task in found.after.open} if found.after else {}
    for task in found.standing:
        if old.process.steps[task.step_id].props.get("stage") == case.stage:
            return new.process.steps[after[task.key]].props.get("stage", case.stage)
    return case.stage


def _move_open(act: Act, after: engine.Advance, old: Runtime, new: Runtime) -> list[dict[str, Any]]:
    rows = Task.objects.open().filter(case=act.case).select_related("assignment")
    by_key = {row.key: row for row in rows}
    people = _for_people(after.open, new)
    if set(by_key) != {task.key for task in people}:
        raise NotAsSaved
    saved = []
    for waiting in people:
        row, step = by_key[waiting.key], new.process.steps[waiting.step_id]
        wanted: dict[str, Any] = {"step_id": step.id, "name": step.name, "form": step.props["form"]}
        if step.props["address"] != row.address:
            target = projection.target_of(act, step.props["address"], row.assignment)
            wanted |= {
                "address": step.props["address"],
                "claimed_by_id": None,
                "inside_due_on": None,
                **asdict(target),
            }
        is_other = "address" in wanted or (
            new.documents[step.props["form"]].source != old.documents[row.form].source
        )
        before = {name: getattr(row, name) for name in wanted}
        if before != wanted or is_other:
            due = before.get("inside_due_on")
            saved.append(
                {"pk": row.pk, "is_other": is_other, **before}
                | ({"inside_due_on": due.isoformat()} if due else {})
            )
            _set(row, wanted, is_other=is_other)
    return saved


def _for_people(waiting: Iterable[engine.OpenTask], run: Runtime) -> list[engine.OpenTask]:
    """What waits for people; the row of a call knows the key alone, and finds its step by it."""
    return [task for task in waiting if run.process.steps[task.step_id].kind != runtime.CALLING]


def _move_closed(case: Case, source: Definition, steps: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is done keeps its name and its form; where the diagram looks for it (completer, rounds), it has the new id."""
    closed = Task.objects.filter(case=case).exclude(status=Task.Status.OPEN)
    closed.filter(done_under=None).update(done_under=source)
    saved = []
    for row in closed.filter(step_id__in=list(steps)):
        saved.append({"pk": row.pk, "is_other": False, "step_id": row.step_id})
        _set(row, {"step_id": steps[row.step_id]}, is_other=False)
    return saved


def _set(row: Task, wanted: Mapping[str, Any], *, is_other: bool) -> None:
    """Write columns of a task; a page that shows another form or address is told so when it is sent (409)."""
    for name, value in wanted.items():
        setattr(row, name, value)
    row.revision += is_other
    row.save(
        update_fields=[
            "revision",
            *(name.removesuffix("_id") if name != "step_id" else name for name in wanted),
        ]
    )


def _write(case: Case, definition: Definition, state: bytes) -> None:
    case.definition = definition
    case.revision += 1
    case.save(update_fields=["definition", "stage", "revision"])
    CaseState.objects.filter(case=case).update(state=state, revision=case.revision, before=[], undo=[])


def _prove(case: Case, run: Runtime) -> None:
    """
    Read back what was written, before it counts.

    :raises NotAsSaved: if the state and the open tasks do not name the same steps
    """
    state = bytes(CaseState.objects.values_list("state", flat=True).get(case=case))
    waiting = _for_people(engine.look(run.process, state).open, run)
    waits = {(task.key, task.step_id, task.frame) for task in waiting}
    rows = Task.objects.open().filter(case=case).values_list("key", "step_id", "frame", "form")
    if waits != {row[:3] for row in rows} or not all(row[3] in run.documents for row in rows):
        raise NotAsSaved
