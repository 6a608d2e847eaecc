"""From bytes to a process, with every finding on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache

from huiyin.engine import diagram, lint, parsing, xml
from huiyin.engine.allowed import DRAWING
from huiyin.engine.catalogue import finding
from huiyin.engine.diagram import Diagram
from huiyin.engine.errors import Finding, Refused
from huiyin.engine.process import Process


def compile_process(bpmn: bytes, *, tables: Collection[str] = ()) -> Process:
    """
    The process of a diagram; `tables` are the ids of the decision tables that exist.

    The same bytes give the same object again while the cache holds it.

    :raises Refused: with all findings
    """
    process, called = _compiled(bytes(bpmn))
    missing = _missing_tables(called, tables)
    if missing:
        raise Refused(missing)
    return process


def check(bpmn: bytes, *, tables: Collection[str] = ()) -> list[Finding]:
    """The findings that `compile_process` would raise; an empty list is a diagram that may be published."""
    try:
        drawing = _read(bytes(bpmn))
    except Refused as refused:
        return list(refused.findings)
    findings = lint.findings(drawing) + _missing_tables(_called(drawing), tables)
    if not findings:
        try:
            compile_process(bpmn, tables=tables)
        except Refused as refused:
            return list(refused.findings)
    return findings


@lru_cache(maxsize=256)
def _compiled(bpmn: bytes) -> tuple[Process, tuple[tuple[str, str], ...]]:
    drawing = _read(bpmn)
    findings = lint.findings(drawing)
    if findings:
        raise Refused(findings)
    called = _called(drawing)
    specs = parsing.parse_specs(diagram.without_drawing(drawing.root, DRAWING), drawing.process_id)
    lint.compare(drawing, *specs)
    process = Process(
        id=drawing.process_id,
        name=drawing.name,
        digest=hashlib.sha256(bpmn).hexdigest(),
        steps=drawing.steps,
        flows=drawing.flows,
        specs=specs,
    )
    return process, called


def _read(bpmn: bytes) -> Diagram:
    root = xml.read(bpmn, xml.BPMN)
    processes = [element for element in root if xml.local(element) == "process"]
    if len(processes) != 1:
        raise Refused([finding("one-process", "", count=len(processes))])
    return diagram.read(root, processes[0])


def _called(drawing: Diagram) -> tuple[tuple[str, str], ...]:
    return tuple((step.id, step.table) for step in drawing.steps.values() if step.table)


def _missing_tables(called: tuple[tuple[str, str], ...], tables: Collection[str]) -> list[Finding]:
    return [finding("no-such-table", step, table=table) for step, table in called if table not in tables]
