"""From bytes to a process, with every finding on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from huiyin.engine import calling, diagram, lint, parsing, xml
from huiyin.engine.allowed import DRAWING
from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Diagram
from huiyin.engine.errors import Finding, Refused
from huiyin.engine.playing import MAX_STATES
from huiyin.engine.process import Process
from huiyin.engine.tables import Table
from huiyin.engine.values import Step

Called = Mapping[str, bytes]
NOTHING: Called = MappingProxyType({})


def compile_process(
    bpmn: bytes, *, tables: Collection[str] = (), called: Called = NOTHING, published: bool = False
) -> Process:
    """
    The process of a diagram; `tables` are the ids of the decision tables that exist, `called` the diagrams of the
    processes that it calls, by process id.

    The same bytes give the same object again while the cache holds it.

    :param published: it was proved sound when it was published: a proof that has grown stricter since does not stop the
        cases that run on it
    :raises Refused: with all findings
    """
    process, needed = _compiled(bytes(bpmn), _sorted(called), published)
    missing = _missing_tables(needed, tables)
    if missing:
        raise Refused(missing)
    return process


@dataclass(frozen=True)
class Examined:
    """What was found against a diagram, and the steps that could be read all the same."""

    findings: tuple[Finding, ...]
    steps: Mapping[str, Step]


def check(bpmn: bytes, *, tables: Collection[str] = (), called: Called = NOTHING) -> list[Finding]:
    """The findings that `compile_process` would raise; an empty list is a diagram that may be published."""
    return list(examine(bpmn, tables=tables, called=called).findings)


def examine(
    bpmn: bytes,
    *,
    tables: Collection[str] = (),
    sheets: Mapping[str, bytes] = NOTHING,
    called: Called = NOTHING,
    states: int = MAX_STATES,
) -> Examined:
    """
    As `check`, with the process's own decision tables: `sheets` are their files by id.

    With fewer `states` it is quick enough while somebody draws, and may find more too entangled.
    """
    of_sheets = [found for source in sheets.values() for found in _of_sheet(source)]
    try:
        drawing = _read(bytes(bpmn), called)
    except Refused as refused:
        return Examined((*refused.findings, *of_sheets), {})
    findings = [
        *lint.findings(drawing, states),
        *_missing_tables(_needed(drawing), {*tables, *sheets}),
        *of_sheets,
    ]
    if not findings:
        try:
            _built(drawing, bpmn, _sorted(called))
        except Refused as refused:
            return Examined(refused.findings, drawing.steps)
    return Examined(tuple(findings), drawing.steps)


def _of_sheet(source: bytes) -> tuple[Finding, ...]:
    try:
        Table.parse(source)
    except Refused as refused:
        return refused.findings
    return ()


def _sorted(called: Called) -> tuple[tuple[str, bytes], ...]:
    return tuple(sorted(called.items()))


@lru_cache(maxsize=256)
def _compiled(
    bpmn: bytes, called: tuple[tuple[str, bytes], ...], published: bool
) -> tuple[Process, tuple[tuple[str, str], ...]]:
    drawing = _read(bpmn, dict(called))
    findings = lint.structure(drawing) if published else lint.findings(drawing)
    if findings:
        raise Refused(findings)
    return _built(drawing, bpmn, called), _needed(drawing)


def _built(drawing: Diagram, bpmn: bytes, called: tuple[tuple[str, bytes], ...]) -> Process:
    """The process of a drawing that nothing was found against."""
    specs = parsing.parse_specs(diagram.without_drawing(drawing.root, DRAWING), drawing.process_id)
    lint.compare(drawing, *specs)
    return Process(
        id=drawing.process_id,
        name=drawing.name,
        digest=_digest(bpmn, called),
        steps=drawing.steps,
        flows=drawing.flows,
        specs=specs,
        scopes=drawing.scopes,
    )


def _digest(bpmn: bytes, called: tuple[tuple[str, bytes], ...]) -> str:
    """Of the diagram's own bytes where it calls nothing, so that states saved before there were calls stay readable."""
    total = hashlib.sha256(bpmn)
    for name, other in called:
        total.update(name.encode() + b"\0" + hashlib.sha256(other).digest())
    return total.hexdigest()


def _read(bpmn: bytes, called: Called) -> Diagram:
    root = xml.read(bpmn, xml.BPMN)
    processes = [element for element in root if xml.local(element) == "process"]
    if len(processes) != 1:
        raise Refused([finding("one-process", "", count=len(processes))])
    calling.expand(root, called)
    return diagram.read(root, processes[0])


def _needed(drawing: Diagram) -> tuple[tuple[str, str], ...]:
    return tuple((step.id, step.table) for step in drawing.steps.values() if step.table)


def _missing_tables(needed: tuple[tuple[str, str], ...], tables: Collection[str]) -> list[Finding]:
    return [finding("no-such-table", step, table=table) for step, table in needed if table not in tables]
