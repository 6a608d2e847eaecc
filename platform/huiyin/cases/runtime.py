"""A published definition made ready to run, cached: definitions never change, so a process keeps what it once read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from huiyin import engine
from huiyin.cases.models import Task
from huiyin.definitions.models import Definition
from huiyin.forms.document import Document
from huiyin.rules.models import Profile

#: The kind of a step that waits for its call and not for a person.
CALLING = "serviceTask"


@dataclass(frozen=True)
class Runtime:
    """The parsed diagram, the form documents and the bundle's own tables of one definition."""

    process: engine.Process
    documents: Mapping[str, Document]
    tables: Mapping[str, engine.Table]
    stages: tuple[Mapping[str, str], ...]
    number_prefix: str
    #: whether it has service tasks, whose calls must be taken back with them
    calls: bool

    @cached_property
    def foresight(self) -> engine.Foresight:
        """The ways through the diagram, with what each step's form asks that the diagram decides by."""
        asked = {
            step.id: frozenset(
                name
                for name, field in self.documents[step.props["form"]].fields.items()
                if field.ui.get("routing")
            )
            for step in self.process.steps.values()
            if step.kind == "userTask"
        }
        asked |= {
            step.id: frozenset({step.props["result"]})
            for step in self.process.steps.values()
            if step.kind == CALLING and "result" in step.props
        }
        return engine.Foresight(self.process, asked)

    @property
    def first_form(self) -> Document:
        """
        The form of the start event.

        :raises LookupError: if the diagram has none, which the gate does not let through
        """
        for step in self.process.steps.values():
            if step.kind == "startEvent" and step.parent is None:
                return self.documents[step.props["form"]]
        raise LookupError(f"{self.process.id} has no start event")


@lru_cache(maxsize=64)
def of(definition_id: int) -> Runtime:
    """Read and parse a definition once per process."""
    row = Definition.objects.get(pk=definition_id)
    tables = {name: engine.Table.parse(text.encode()) for name, text in row.tables.items()}
    # The gate has seen every decision id in the bundle or in a profile; here only the ids are needed again.
    in_profiles = Profile.objects.filter(jurisdiction=row.jurisdiction_id).values_list("tables", flat=True)
    decisions = {*tables, *(name for found in in_profiles for name in found)}
    process = engine.compile_process(
        bytes(row.diagram), tables=decisions, called=row.called_diagrams, published=True
    )
    return Runtime(
        process=process,
        documents={
            name: Document(source, f"{row.process}/{name}") for name, source in row.form_sources.items()
        },
        tables=tables,
        stages=tuple(row.stages),
        number_prefix=row.number_prefix,
        calls=any(step.kind == CALLING for step in process.steps.values()),
    )


def document_of(task: Task, definition_id: int) -> Document:
    """The form of a task, given its case's version: one that was done before the case moved is read as it was asked."""
    return of(task.done_under_id or definition_id).documents[task.form]


@lru_cache(maxsize=64)
def tables_of(profile_id: int, digest: str) -> Mapping[str, engine.Table]:
    """The decision tables of a version of a profile."""
    sources = Profile.objects.values_list("tables", flat=True).get(pk=profile_id)
    return {name: engine.Table.parse(text.encode()) for name, text in sources.items()}


def all_tables(runtime: Runtime, profile: Profile) -> Mapping[str, engine.Table]:
    """What a diagram may decide by: its bundle's tables and the profile's."""
    return {**tables_of(profile.pk, profile.digest), **runtime.tables}


def is_review(document: Document) -> bool:
    """Whether a form looks over somebody else's draft: whoever handles the matter does not."""
    return "review" in document.kinds
