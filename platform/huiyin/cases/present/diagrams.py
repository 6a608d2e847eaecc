"""The diagrams of a case, its own first and then those that it calls, with what is done and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext
from lxml import etree

from huiyin.cases import runtime
from huiyin.cases.models import Case, Task
from huiyin.definitions.models import Definition

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True)
class DiagramView:
    """A diagram; `process` is empty for the case's own. The steps are JSON lists of ids, as the viewer reads them."""

    process: str
    name: str
    done: str
    current: str
    #: whether the case stands in it, so that it is worth opening first
    is_current: bool


def diagrams_of(case: Case) -> tuple[DiagramView, ...]:
    """The diagrams of a case that the caller found through `visible_to(actor)`."""
    tasks = set(Task.objects.filter(case=case).values_list("step_id", "status"))
    current = {step for step, status in tasks if status == Task.Status.OPEN}
    done = {step for step, status in tasks if status == Task.Status.DONE} - current
    definition = case.definition
    sources = {"": bytes(definition.diagram), **definition.called_diagrams}
    roots = {name: etree.fromstring(source) for name, source in sources.items()}
    calls = {call.get("id") for root in roots.values() for call in root.iter(f"{_BPMN}callActivity")}
    within = set(_within(case, current)) & calls
    passed = (set(_within(case, done)) & calls) - within
    return tuple(
        DiagramView(
            process=name,
            name=_name(root) or definition.local_name,
            done=_json(root, done | passed),
            current=_json(root, current | within),
            is_current=bool(_ids(root) & current),
        )
        for name, root in roots.items()
    )


def drawn_in(definition: Definition) -> tuple[tuple[str, str], ...]:
    """(process, name) of every diagram of a version: its own, whose process is the empty text, then those that it calls."""
    called = definition.called_diagrams
    names = ((process, _name(etree.fromstring(source))) for process, source in called.items())
    return (("", definition.local_name), *((process, name or process) for process, name in names))


def _within(case: Case, steps: Iterable[str]) -> Iterator[str]:
    """The steps around some steps, outwards."""
    known = runtime.of(case.definition_id).process.steps
    for step in steps:
        around = known[step].parent if step in known else None
        while around is not None:
            yield around
            around = known[around].parent


def _ids(root: etree._Element) -> set[str]:
    return {str(element.get("id")) for element in root.iter() if element.get("id")}


def _json(root: etree._Element, steps: set[str]) -> str:
    return json.dumps(sorted(_ids(root) & steps))


def _name(root: etree._Element) -> str:
    """The name of a process, in the reader's language: those of the shipped ones stand among the words of the pages."""
    process = root.find(f"{_BPMN}process")
    name = process.get("name", "") if process is not None else ""
    return gettext(name) if name else ""
