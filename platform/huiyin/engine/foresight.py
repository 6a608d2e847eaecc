"""
Whether a case that was taken over will know what its new diagram decides by.

A gateway reads facts that some step before it asks for. A fresh case cannot come to the gateway but through that step; a
case that was set down behind the step can, and would break there. Such facts are found on the flows alone: no way from
the start comes to the gateway unasked, and one from where the case stands does.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from huiyin.engine.errors import Obstacle
from huiyin.engine.functions import FUNCTIONS
from huiyin.engine.grammar import parse_expression
from huiyin.engine.process import Process
from huiyin.engine.values import Step


class Foresight:
    """The ways through one process; `asked` says which facts the form of each user task gives."""

    def __init__(self, process: Process, asked: Mapping[str, Collection[str]]) -> None:
        self.process, self.asked = process, asked
        self._reached: dict[tuple[str, str], frozenset[str]] = {}

    def missing(self, steps: Collection[str], known: Collection[str]) -> list[Obstacle]:
        """What a case that stands at some steps and knows some facts would come to without having been asked."""
        return [
            Obstacle(reader, "fact-missing", name)
            for reader, name in self.guarded
            if name not in known and any(reader in self._unasked(step, name) for step in steps)
        ]

    @cached_property
    def guarded(self) -> tuple[tuple[str, str], ...]:
        """(node, fact that it decides by) where no way from the start comes there without a step that asks for it."""
        start = next(s.id for s in self.process.steps.values() if s.kind == "startEvent" and s.parent is None)
        return tuple(
            (node, name)
            for node, names in self._reads.items()
            for name in sorted(names)
            if name in self._given and node not in self._unasked(start, name)
        )

    @cached_property
    def _given(self) -> frozenset[str]:
        return frozenset(name for names in self.asked.values() for name in names)

    @cached_property
    def _reads(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for flow in self.process.flows.values():
            if flow.condition is not None:
                found.setdefault(flow.source, set()).update(_names(flow.condition))
        for step in self.process.steps.values():
            if step.collection:
                found.setdefault(step.id, set()).add(step.collection)
        return found

    def _unasked(self, start: str, name: str) -> frozenset[str]:
        """The nodes that can be come to from a step without completing one that asks for the fact; the step not counted."""
        if (start, name) not in self._reached:
            seen: set[str] = set()
            pending = list(self._after(start, name))
            while pending:
                node = pending.pop()
                if node not in seen:
                    seen.add(node)
                    pending += self._after(node, name)
            self._reached[start, name] = frozenset(seen)
        return self._reached[start, name]

    def _after(self, node: str, name: str) -> Iterator[str]:
        step = self.process.steps[node]
        yield from self._interrupted(step)
        if name in self.asked.get(node, ()):
            return
        if step.kind == "subProcess":
            yield from self._inner_starts[node]
        if step.kind == "endEvent" and step.parent is not None:
            yield from self._targets.get(step.parent, ())
        elif step.kind != "subProcess" or step.collection:
            # A sub-process is left through its ends; one that runs for each of nobody is passed by.
            yield from self._targets.get(node, ())

    def _interrupted(self, step: Step) -> Iterator[str]:
        """The boundary events that can take the token away from here, those of the sub-processes around included."""
        around: str | None = step.id
        while around is not None:
            yield from self._events.get(around, ())
            around = self.process.steps[around].parent

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for flow in self.process.flows.values():
            found.setdefault(flow.source, []).append(flow.target)
        return found

    @cached_property
    def _events(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for step in self.process.steps.values():
            if step.attached_to is not None:
                found.setdefault(step.attached_to, []).append(step.id)
        return found

    @cached_property
    def _inner_starts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for step in self.process.steps.values():
            if step.kind == "startEvent" and step.parent is not None:
                found.setdefault(step.parent, []).append(step.id)
        return found


def _names(expression: str) -> set[str]:
    found = {node.id for node in ast.walk(parse_expression(expression)) if isinstance(node, ast.Name)}
    return found - set(FUNCTIONS)
