"""What the engine says when it says no. Every refusal leaves the given state as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One reason why a diagram or a table is outside the supported subset, with its remedy."""

    element: str  # BPMN or DMN element id, "" when the whole file is meant
    code: str  # stable, kebab-case
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


class Refused(Exception):
    """A diagram or a table is outside the supported subset; `findings` holds every reason."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.element or '-'}: {f.code}: {f.en}" for f in self.findings))


class NotAwaited(Exception):
    """Nobody waits for this message, or no open task has this key."""


class Overrun(Exception):
    """The advance went past its budget of automatic steps or its deadline; nothing was changed."""


class Broken(Exception):
    """The process cannot go on: an expression failed, no way out of a gateway matched, a table disagrees."""

    def __init__(self, element: str, what: str) -> None:
        self.element = element
        self.what = what
        super().__init__(f"{element}: {what}" if element else what)


class ForeignState(Exception):
    """A saved state was written by another format, another library version or for another diagram."""


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot go over to another diagram as it stands; `element` is the step of the old one that it is about."""

    element: str
    code: str  # stable, kebab-case; see migrating.py
    other: str = ""  # the step of the new diagram that is meant, or the node by which a branch came

    @property
    def wants_mapping(self) -> bool:
        """Whether naming the new step would help: the old one is not drawn any more."""
        return self.code in ("step-gone", "way-gone")


class CannotMove(Exception):
    """A case cannot go over to another diagram; `obstacles` holds every reason."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles = tuple(dict.fromkeys(obstacles))
        super().__init__("; ".join(f"{o.element or '-'}: {o.code} {o.other}".strip() for o in self.obstacles))


class NotFacts(ValueError):
    """Routing facts must be few, small and plain: text, numbers, yes/no, nothing, or flat lists of these."""


class BadExpression(ValueError):
    """An expression is outside the permitted grammar, or failed or outgrew its limits when run."""
