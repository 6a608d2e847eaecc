"""Preview how the running cases of a version would go over to another: read-only, every case is tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from django.db.models import Count

from huiyin import engine
from huiyin.cases import runtime
from huiyin.cases.models import Case, ReplyDraft
from huiyin.cases.runtime import Runtime
from huiyin.cases.services import moving
from huiyin.core import errors
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.lifecycle import changes

NO_STEPS: Mapping[str, str] = MappingProxyType({})
#: Cases that are looked at together.
CHUNK = 200
SAFE, MAPPING, BLOCKED = "safe", "mapping", "blocked"


class OtherProcess(errors.Invalid):
    """Cases move between two versions of one process in one jurisdiction."""


class StepUnknown(errors.Invalid):
    """The mapping names a step that is not in its version: %(step)s"""


@dataclass(frozen=True)
class StepPlan:
    """One step of the old version at which cases stand, or a node that stands in their way."""

    step_id: str
    name: str
    count: int
    #: verdict -> how many of them
    verdicts: Mapping[str, int]
    #: (step, code, other) -> how many of them
    reasons: tuple[tuple[tuple[str, str, str], int], ...]
    notes: tuple[str, ...]
    #: the step of the new version that is meant, empty while there is none
    to: str
    #: (id, name) of the steps of the new version that it could be
    choices: tuple[tuple[str, str], ...]
    wants_mapping: bool

    @property
    def verdict(self) -> str:
        """The worst that happens here."""
        return next((name for name in (BLOCKED, MAPPING) if self.verdicts.get(name)), SAFE)


@dataclass(frozen=True)
class Plan:
    """What would happen to every running case of a version."""

    source: Definition
    target: Definition
    steps: Mapping[str, str]
    total: int
    verdicts: Mapping[str, int]
    rows: tuple[StepPlan, ...]


@dataclass
class _Tally:
    count: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    drafts: int = 0
    wants_mapping: bool = False


def plan_migration(
    *, source: Definition, target: Definition, by: Actor | None, steps: Mapping[str, str] = NO_STEPS
) -> Plan:
    """
    Try every running case; nothing is changed. `by` is None for the operator at the machine.

    :param steps: step of the old version -> step of the new one, where they differ
    :raises NotYourAct: without the right to move cases
    :raises OtherProcess: if the two are not versions of one process
    :raises StepUnknown: if the mapping names a step that is not there
    """
    if by is not None:
        by.require("definition.migrate")
    check(source, target, steps)
    old, new = runtime.of(source.pk), runtime.of(target.pk)
    tallies: dict[str, _Tally] = {}
    verdicts: Counter[str] = Counter()
    for standing, obstacles, has_draft in _examined(source, old, new, steps):
        verdict = verdict_of(obstacles)
        verdicts[verdict] += 1
        for step in {task.step_id for task in standing} | {
            one.element for one in obstacles if one.wants_mapping
        }:
            tally = tallies.setdefault(step, _Tally())
            tally.count += 1
            tally.verdicts[verdict] += 1
            tally.reasons.update((one.element, one.code, one.other) for one in obstacles)
            tally.drafts += has_draft and changes.loses_draft(old, new, step, steps)
            tally.wants_mapping |= any(one.wants_mapping and one.element == step for one in obstacles)
    order = {step: number for number, step in enumerate(old.process.steps)}
    rows = [
        _row(step, tallies[step], old, new, steps)
        for step in sorted(tallies, key=lambda step: order.get(step, len(order)))
    ]
    return Plan(source, target, dict(steps), sum(verdicts.values()), dict(verdicts), tuple(rows))


def under_way(definitions: Sequence[Definition], by: Actor) -> dict[int, int]:
    """How many cases each definition has under way (在办): all of them for who may move them, else those that the reader sees."""
    seen = Case.objects.all() if by.may("definition.migrate") else Case.objects.visible_to(by)
    running = seen.being_handled().filter(definition__in=definitions)
    return dict(running.order_by().values_list("definition").annotate(Count("pk")))


def check(source: Definition, target: Definition, steps: Mapping[str, str]) -> None:
    """
    Whether a move between two versions can be meant at all.

    :raises OtherProcess: if they are not two versions of one process
    :raises StepUnknown: if the mapping names a step that is not there
    """
    same = (source.jurisdiction_id, source.process) == (target.jurisdiction_id, target.process)
    if not same or source.pk == target.pk:
        raise OtherProcess
    for row, names in ((source, steps.keys()), (target, steps.values())):
        for name in names:
            if name not in runtime.of(row.pk).process.steps:
                raise StepUnknown(step=name)


def verdict_of(obstacles: Iterable[engine.Obstacle]) -> str:
    """Safe without obstacles; a mapping helps if that is all that is missing."""
    found = list(obstacles)
    if not found:
        return SAFE
    return MAPPING if all(one.wants_mapping for one in found) else BLOCKED


_Found = tuple[tuple[engine.OpenTask, ...], list[engine.Obstacle], bool]


def _examined(source: Definition, old: Runtime, new: Runtime, steps: Mapping[str, str]) -> Iterator[_Found]:
    running = Case.objects.filter(definition=source, ended_at=None).order_by("pk")
    rows = running.values_list("pk", "state__state", "round").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        ids = [pk for pk, _state, _round in chunk]
        unheard = moving.unheard(old, new, ids)
        drafts = set(ReplyDraft.objects.filter(case__in=ids).values_list("case_id", "round").distinct())
        for pk, state, number in chunk:
            found = moving.examine(old, new, bytes(state), steps)
            yield found.standing, [*found.obstacles, *unheard.get(pk, [])], (pk, number) in drafts


def _row(step: str, tally: _Tally, old: Runtime, new: Runtime, steps: Mapping[str, str]) -> StepPlan:
    known, target = old.process.steps[step], steps.get(step, step)
    return StepPlan(
        step_id=step,
        name=known.name or step,
        count=tally.count,
        verdicts=dict(tally.verdicts),
        reasons=tuple(tally.reasons.most_common()),
        notes=tuple(changes.notes(old, new, step, target, tally.drafts)),
        to=target if target in new.process.steps else "",
        choices=tuple(changes.likely(old, new, step, steps)),
        wants_mapping=tally.wants_mapping,
    )
