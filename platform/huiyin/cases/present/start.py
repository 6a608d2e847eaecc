"""The form with which a matter begins."""

from __future__ import annotations

from huiyin.cases import runtime
from huiyin.definitions.models import Definition
from huiyin.forms.document import Document


def first_form(definition: Definition) -> Document:
    """
    The form of a definition's start event.

    :raises LookupError: if the diagram has none, which the gate does not let through
    """
    run = runtime.of(definition.pk)
    for step in run.process.steps.values():
        if step.kind == "startEvent" and step.parent is None:
            return run.documents[step.props["form"]]
    raise LookupError(f"{definition} has no start event")
