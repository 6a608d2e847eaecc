"""The plain, frozen values in which the engine speaks to the rest of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A node of the diagram; `kind` is the BPMN element name, `props` its spiffworkflow:properties."""

    id: str
    kind: str
    name: str
    props: Mapping[str, str]
    parent: str | None  # the enclosing sub-process, None at the top level
    message: str | None  # the BPMN message NAME a boundary event waits for
    attached_to: str | None
    table: str | None = None  # the decision table of a businessRuleTask
    collection: str | None = None  # a multi-instance sub-process runs once per item of this fact
    item: str | None = None  # the name under which an instance sees its item
    terminates: bool = False  # an end event that drops whatever else is under way in its scope
    script: str | None = None  # the lines of a scriptTask


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `default` marks the way out of a gateway when no condition holds."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    default: bool


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for a person, or a service task for its call. `key` stays the same until it closes."""

    key: str
    step_id: str
    item: str | None  # the item of the innermost multi-instance around it
    frame: str  # the running sub-process it lives in, "" at the top level


@dataclass(frozen=True)
class Listener:
    """A boundary event that would catch `message` now."""

    message: str
    step_id: str
    frame: str
    attached_to: str


@dataclass(frozen=True)
class Ended:
    """Which end the case came to; `outcome` is the end event's property of that name."""

    step_id: str
    outcome: str
    name: str


@dataclass(frozen=True)
class Advance:
    """The case after one advance, and what that advance did."""

    state: bytes
    open: tuple[OpenTask, ...]  # all tasks open now
    opened: tuple[OpenTask, ...]  # those that this advance opened
    closed: tuple[str, ...]  # keys that were open before and are not now: completed or cancelled
    passed: tuple[str, ...]  # nodes and sequence flows passed, in order; a sub-process when entered
    listeners: tuple[Listener, ...]  # all listeners now
    ended: Ended | None
    data: Mapping[str, object]  # facts at the top level, see merging.facts_of


@dataclass(frozen=True)
class Budget:
    """How much one advance may do before it is given up as an Overrun."""

    steps: int = 1000  # automatic steps
    seconds: float = 2.0  # that the thread itself computes, looked at between steps


DEFAULT = Budget()
