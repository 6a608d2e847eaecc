"""Write what the engine's advance means: tasks, addresses, clocks, columns, jobs. Boards read only this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import asdict
from datetime import date, datetime

from django.db import connection

from huiyin import engine
from huiyin.cases import deadlines, runtime
from huiyin.cases.models import Assignment, Case, CaseState, Completion, Task, Transcription
from huiyin.cases.recording import Act
from huiyin.cases.services import clocks
from huiyin.core import time_source
from huiyin.directory import addresses
from huiyin.directory.models import Person
from huiyin.forms.document import Document
from huiyin.jobs import services as jobs
from huiyin.rules import selectors as rules

#: Told of every node and flow that is passed; scenarios measure their coverage with it.
watcher: ContextVar[Callable[[tuple[str, ...]], None] | None] = ContextVar("watcher", default=None)

#: The columns of a case that an act or the engine may change.
PROJECTED = (
    "title", "stage", "round", "outcome", "closed_at", "ended_at", "restricted", "deputy", "merged_into", "profile",
    "revision",
)  # fmt: skip

#: The outcomes of what was answered; with any other the matter was not taken up.
RATED = ("answered", "unrated")


class _Lazily(Mapping[str, int | None]):
    """A mapping that asks the database only for what an address names."""

    def __init__(self, find: dict[str, int | None] | None = None, case: Case | None = None) -> None:
        self._known, self._case = dict(find or {}), case

    def __getitem__(self, name: str) -> int | None:
        if name not in self._known and self._case is not None:
            self._known[name] = self._look_up(name)
        return self._known.get(name)

    def _look_up(self, name: str) -> int | None:
        if name == "lead":
            # A round that names no units goes on with those of the round before.
            leads = Assignment.objects.filter(
                case=self._case, part=Assignment.Part.LEAD, round__lte=self._case.round
            )  # type: ignore[union-attr]
            return leads.order_by("-round").values_list("unit_id", flat=True).first()
        done = Completion.objects.filter(case=self._case, task__step_id=name)
        last = done.order_by("-at").first()
        if last is None:
            return None
        # What an office entered is the work of the one who sent it.
        sent = Transcription.objects.filter(task=last.task_id).values_list("person_id", flat=True)
        return sent.first() or last.by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def apply(act: Act, advance: engine.Advance, run: runtime.Runtime) -> None:
    """Bring tables in line with an advance; the caller holds the case's lock."""
    case, now = act.case, act.now
    if (watch := watcher.get()) is not None:
        watch(advance.passed)
    case.round = int(str(advance.data.get("round", case.round)))
    _pass_nodes(act, advance, run)
    if _cancel_tasks(case, set(advance.closed) - {act.task.key if act.task else ""}, now):
        act.footings = []  # what others were about to do does not come back
    if run.calls:
        _place_calls(act, advance, run)
    _open_tasks(act, advance, run)
    _settle(act, advance, run)
    case.revision += 1
    case.save(update_fields=PROJECTED)
    kept = [] if case.closed_at is not None else act.footings
    CaseState.objects.filter(case=case).update(
        state=advance.state,
        revision=case.revision,
        before=[one.before for one in kept],
        undo=[one.undo for one in kept],
    )
    case.state = CaseState(case=case, state=advance.state, revision=case.revision)


def _pass_nodes(act: Act, advance: engine.Advance, run: runtime.Runtime) -> None:
    """Let the nodes that were passed set the stage, restrict sight, and start or meet the case's own clocks."""
    case = act.case
    for node in advance.passed:
        step = run.process.steps.get(node)
        if step is None or not step.props:
            continue
        case.stage = step.props.get("stage", case.stage)
        case.restricted = case.restricted or step.props.get("restricts") == "yes"
        if met := step.props.get("meets", "").split():
            deadlines.meet_rules(case, met, act.now)
        for code in rules.codes_to_start(case.profile, step.props.get("starts", "")):
            first_day = case.received_on if step.kind == "startEvent" else act.first_day
            clocks.start_clock(act, clocks.count(act, code, first_day))


def _cancel_tasks(case: Case, keys: set[str], now: datetime) -> bool:
    """What the engine took away is cancelled; the task that a person completed is done already. Whether there was any."""
    if not keys:
        return False
    cancelled = list(Task.objects.open().filter(case=case, key__in=keys).values_list("pk", flat=True))
    if cancelled:
        Task.objects.filter(pk__in=cancelled).update(status=Task.Status.CANCELLED, closed_at=now)
        clocks.stop_tasks(case, cancelled, now)
    return bool(cancelled)


def _place_calls(act: Act, advance: engine.Advance, run: runtime.Runtime) -> None:
    """A service task is a row of work that is due now; one that the engine took away takes its row with it."""
    case = act.case
    if advance.closed:
        groups = [f"call:{key}" for key in advance.closed]
        jobs.cancel(subject_kind="case", subject_id=case.pk, groups=groups)
    for waiting in advance.opened:
        step = run.process.steps[waiting.step_id]
        if step.kind != runtime.CALLING:
            continue
        act.footings = []  # what was sent is not taken back
        case.stage = step.props.get("stage", case.stage)
        args = {"case_id": case.pk, "key": waiting.key}
        group = f"call:{waiting.key}"
        jobs.enqueue(jobs.Work("cases.call", "case", case.pk, group, act.now, args, group))


def _open_tasks(act: Act, advance: engine.Advance, run: runtime.Runtime) -> None:
    case = act.case
    for waiting in advance.opened:
        step = run.process.steps[waiting.step_id]
        if step.kind == runtime.CALLING:
            continue
        if "after_close" not in step.props:
            case.stage = step.props.get("stage", case.stage)
        case.restricted = case.restricted or step.props.get("restricts") == "yes"
        assignment = assignment_of(act, waiting.item)
        target = target_of(act, step.props["address"], assignment)
        counted = _count(act, step, assignment, target)
        handler, inside_due_on = _given_to(case, target, assignment, run.documents[step.props["form"]])
        task = Task.objects.create(
            case=case,
            key=waiting.key,
            frame=waiting.frame,
            step_id=step.id,
            name=step.name,
            form=step.props["form"],
            address=step.props["address"],
            assignment=assignment,
            round=case.round,
            after_close="after_close" in step.props,
            due_on=counted.due.on if counted else _earliest_due(case),
            opened_at=act.now,
            claimed_by=handler,
            inside_due_on=inside_due_on,
            **asdict(target),
        )
        if counted is not None:
            clocks.start_clock(act, counted, task)
        told = {"number": case.number, "title": case.title, "task": task.name}
        act.notify(target.person_id or (handler and handler.pk), "task_for_you", task.key, **told)


def assignment_of(act: Act, item: str | None) -> Assignment | None:
    """The part that an instance runs for; the step before it mostly had the same."""
    own = act.task.assignment if act.task else None
    if item is None or (own is not None and own.public_id == item):
        return own if item else None
    return Assignment.objects.get(public_id=item, case=act.case)


def _given_to(
    case: Case, target: addresses.Target, assignment: Assignment | None, document: Document
) -> tuple[Person | None, date | None]:
    """承办人: to whom the unit gave its part, and by when; the steps that follow wait for the same person."""
    if target.unit_id is None or target.role or runtime.is_review(document):
        return None, None
    if assignment is None:
        parts = Assignment.objects.filter(case=case, round=case.round, unit=target.unit_id)
        assignment = parts.select_related("handler").first()
    return (None, None) if assignment is None else (assignment.handler, assignment.inside_due_on)


def _count(
    act: Act, step: engine.Step, assignment: Assignment | None, target: addresses.Target
) -> clocks.Counted | None:
    """The deadline of a step that has a rule, from the day of the event that the rule names."""
    code = step.props.get("rule")
    if code is None:
        return None
    if "after_close" in step.props:
        return clocks.count(act, code)  # such a window opens with the closing itself
    if target.person_id is not None:
        # A deputy's time to rate begins when he is told: a unit that enters its delivery late must not use it up.
        return clocks.count(act, code)
    anew = assignment is not None and _was_there(act.case, step, assignment)
    return clocks.count(act, code, clocks.day_of_event(act, code, anew=anew))


def _was_there(case: Case, step: engine.Step, assignment: Assignment) -> bool:
    return Task.objects.filter(case=case, step_id=step.id, round=case.round, assignment=assignment).exists()


def target_of(act: Act, address: str, assignment: Assignment | None) -> addresses.Target:
    """Where an address leads now, for a case and a unit's part in it."""
    case = act.case
    around = addresses.Surroundings(
        place=case.place,
        people={"reporter": case.reporter_id, "deputy": case.deputy_id, "mover": case.reporter_id},
        units=_Lazily({"assignment": assignment.unit_id if assignment else None}, case),
        completers=_Lazily(case=case),
        on=time_source.day_of(act.now),
    )
    return addresses.resolve(address, around)


def _earliest_due(case: Case) -> date | None:
    """A task without a rule of its own is due with the case's own clock that ends first."""
    with connection.cursor() as cursor:
        # By hand: it is asked at every step, and making it from a query set takes longer than running it.
        cursor.execute(
            """
            SELECT min(clock.due_on) FROM cases_clock clock JOIN rules_rule rule ON rule.id = clock.rule_id
            WHERE clock.case_id = %s AND clock.task_id IS NULL AND clock.met_at IS NULL
                AND clock.stopped_at IS NULL AND clock.paused_on IS NULL AND rule.code NOT LIKE %s
            """,
            [case.pk, f"%{deadlines.CONTACT}"],
        )
        found: date | None = cursor.fetchone()[0]
    return found


def _settle(act: Act, advance: engine.Advance, run: runtime.Runtime) -> None:
    """Whether the case is being handled, closed (办结) or ended: a function of what waits now, of nothing before."""
    case, now = act.case, act.now
    waiting = [run.process.steps[task.step_id] for task in advance.open]
    # A call is over in a moment: it neither opens nor closes the case.
    outcomes = {step.props.get("after_close", "") for step in waiting if step.kind != runtime.CALLING}
    was_closed = case.closed_at is not None
    if advance.ended is not None:
        case.outcome, case.ended_at = advance.ended.outcome, now
        case.closed_at = case.closed_at or now
        clocks.stop_all(case, now)
    elif "" in outcomes:
        case.outcome, case.closed_at = "", None
    elif outcomes:
        case.outcome, case.closed_at = outcomes.pop(), case.closed_at or now
    if case.closed_at is not None and not was_closed:
        if case.ended_at is None and case.outcome not in RATED:
            clocks.stop_own(case, now)  # nobody owes an answer to what was not taken up
        act.say("case_closed", outcome=case.outcome, round=case.round)
        into = case.merged_into.number if case.merged_into else ""
        act.notify(
            case.reporter_id,
            f"closed_{case.outcome}",
            str(case.revision),
            number=case.number,
            reason=act.reason,
            into=into,
            again="yes" if case.ended_at is None else "",
        )
    elif case.closed_at is None and was_closed:
        act.say("case_reopened", round=case.round)
    if case.ended_at is not None and case.outcome not in RATED:
        # Nobody will answer those whose matter was handled with this one: they are told, and can ask again.
        for person_id, number in case.merged_cases.values_list("reporter_id", "number"):
            act.notify(person_id, "merged_ended", str(case.revision), number=number, into=case.number)
