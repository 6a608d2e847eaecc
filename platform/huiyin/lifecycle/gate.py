"""Everything that must hold before a bundle is published; all findings at once, each with its remedy."""

from __future__ import annotations

from huiyin import engine
from huiyin.core import errors
from huiyin.forms.document import BrokenForm, Document
from huiyin.lifecycle import outcomes, scenarios
from huiyin.lifecycle.bundle import Bundle
from huiyin.lifecycle.findings import finding
from huiyin.lifecycle.fitting import Fitting
from huiyin.rules.models import Profile


class GateClosed(errors.Invalid):
    """The process cannot be published: %(count)s findings."""

    def __init__(self, findings: list[engine.Finding]) -> None:
        super().__init__(count=len(findings))
        self.findings = findings


def examine(bundle: Bundle, profile: Profile) -> list[engine.Finding]:
    """Every reason why a bundle can't be published: what `check` finds, or else the scenarios that fail."""
    return check(bundle, profile) or [
        finding("scenario-fails", **failure.facts) for failure in scenarios.failures(bundle, profile)
    ]


def check(bundle: Bundle, profile: Profile) -> list[engine.Finding]:
    """
    Every reason in the diagram, the tables, the forms and the rules why a bundle can't be published under a profile.

    The diagram is read in a process of its own, that can be killed; only one in which nothing was found comes further.
    """
    sheets = {name: source.encode() for name, source in bundle.tables.items()}
    seen = engine.CHECKER.examine(bundle.diagram, tables=profile.tables, sheets=sheets, called=bundle.called)
    documents, broken = _documents(bundle)
    fitting = Fitting(
        steps=seen.steps,
        forms=bundle.forms,
        documents=documents,
        stages={stage["id"] for stage in bundle.stages},
        profile=profile,
        whole=not seen.findings,
    )
    findings = [*seen.findings, *broken, *fitting.findings()]
    forms_missing = broken or any(found.code == "no-form" for found in findings)
    if not seen.findings and not forms_missing:
        findings += outcomes.check(compiled(bundle, profile), documents)
    return findings


def compiled(bundle: Bundle, profile: Profile) -> engine.Process:
    """
    The process of a bundle under a profile.

    :raises engine.Refused: with every finding of the engine
    """
    tables = [*bundle.tables, *profile.tables]
    return engine.compile_process(bundle.diagram, tables=tables, called=bundle.called)


def _documents(bundle: Bundle) -> tuple[dict[str, Document], list[engine.Finding]]:
    documents, findings = {}, []
    for name, source in bundle.forms.items():
        try:
            documents[name] = Document(source, f"forms/{bundle.process}/{name}")
        except BrokenForm as error:
            findings.append(finding("broken-form", form=name, what=error))
    return documents, findings
