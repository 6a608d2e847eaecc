"""How much of a diagram its scenarios pass: every flow, every outcome of every gateway, every end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin import engine
from huiyin.lifecycle.scenarios import Run


@dataclass(frozen=True)
class Share:
    """Passed out of all, and what is missing."""

    what: str
    passed: int
    total: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> float:
        """100.0 when nothing is missing."""
        return 100.0 * self.passed / self.total if self.total else 100.0


def measure(process: engine.Process, runs: Iterable[Run]) -> list[Share]:
    """The shares of flows, gateway outcomes and ends that the runs passed together."""
    passed = set().union(*(run.passed for run in runs))
    gateways = {step.id for step in process.steps.values() if step.kind == "exclusiveGateway"}
    return [
        _share("flows", set(process.flows), passed),
        _share(
            "gateway outcomes",
            {flow.id for flow in process.flows.values() if flow.source in gateways},
            passed,
        ),
        _share("ends", {step.id for step in process.steps.values() if step.kind == "endEvent"}, passed),
    ]


def _share(what: str, wanted: set[str], passed: set[str]) -> Share:
    return Share(what, len(wanted & passed), len(wanted), tuple(sorted(wanted - passed)))
