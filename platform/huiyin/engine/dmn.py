"""Read a decision table from DMN 1.3; anything that is not one plain table is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huiyin.engine import cells, xml
from huiyin.engine.catalogue import finding
from huiyin.engine.errors import BadExpression, Finding, Refused
from huiyin.engine.facts import is_name
from huiyin.engine.grammar import parse_expression

MAX_ROWS = 500
MAX_COLUMNS = 30
HIT_POLICIES = ("UNIQUE", "FIRST")
# What may stand where, by local name. Requirements between decisions would make a graph of them.
ALLOWED = {
    "definitions": {"decision", "inputData", "DMNDI", "description"},
    "decision": {"decisionTable", "variable", "informationRequirement", "description"},
    "informationRequirement": {"requiredInput"},
    "inputData": {"variable", "description"},
    "decisionTable": {"input", "output", "rule", "annotation", "description"},
    "input": {"inputExpression", "inputValues", "description"},
    "inputExpression": {"text"},
    "output": {"outputValues", "description"},
    "rule": {"inputEntry", "outputEntry", "annotationEntry", "description"},
    "inputEntry": {"text"},
    "outputEntry": {"text"},
}


@dataclass(frozen=True)
class Read:
    """What a DMN file holds, as tuples for tables.py."""

    id: str
    name: str
    hit_policy: str
    inputs: tuple[tuple[str, str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, tuple[cells.Test, ...], tuple[object, ...]], ...]


def read(source: bytes) -> Read:
    """
    :raises Refused: with all findings
    """
    root = xml.read(source, xml.DMN)
    findings = list(_foreign(root))
    decisions = [child for child in root if xml.local(child) == "decision"]
    found = [child for decision in decisions for child in decision if xml.local(child) == "decisionTable"]
    if len(decisions) != 1 or len(found) != 1:
        raise Refused([*findings, finding("one-table", "")])
    table = found[0]
    findings += _table_findings(table)
    rules = [_rule(rule, findings) for rule in _children(table, "rule")]
    inputs = tuple(_input(column, findings) for column in _children(table, "input"))
    outputs = tuple(_output(column, findings) for column in _children(table, "output"))
    if findings:
        raise Refused(findings)
    return Read(
        decisions[0].get("id"),
        decisions[0].get("name", ""),
        table.get("hitPolicy", "UNIQUE"),
        inputs,
        outputs,
        tuple(rules),
    )


def _foreign(element: Any) -> Iterator[Finding]:
    allowed = ALLOWED.get(xml.local(element), set())
    for child in element:
        name = xml.local(child)
        if name not in allowed:
            yield finding("table-element", child.get("id", element.get("id", "")), kind=name)
        elif name in ALLOWED:
            yield from _foreign(child)


def _table_findings(table: Any) -> Iterator[Finding]:
    where = table.get("id", "")
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in HIT_POLICIES or table.get("aggregation") is not None:
        yield finding("hit-policy", where, policy=policy)
    columns = len(_children(table, "input")) + len(_children(table, "output"))
    if len(_children(table, "rule")) > MAX_ROWS or columns > MAX_COLUMNS:
        yield finding("table-too-large", where, rows=MAX_ROWS, columns=MAX_COLUMNS)
    if not _children(table, "input") or not _children(table, "rule"):
        yield finding("empty-table", where)
    names = [output.get("name") for output in _children(table, "output")]
    if len(set(names)) != len(names):
        yield finding("output-name", where, name="")


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if xml.local(child) == name]


def _text(element: Any) -> str:
    texts = _children(element, "text")
    return (texts[0].text or "") if texts else ""


def _input(column: Any, findings: list[Finding]) -> tuple[str, str, str]:
    where = column.get("id", "")
    expressions = _children(column, "inputExpression")
    text = _text(expressions[0]).strip() if expressions else ""
    try:
        parse_expression(text)
    except BadExpression as error:
        findings.append(finding("bad-expression", where, text=text[:80], reason=str(error)))
    return where, column.get("label", text), text


def _output(column: Any, findings: list[Finding]) -> tuple[str, str]:
    where, name = column.get("id", ""), column.get("name", "")
    if not is_name(name):
        findings.append(finding("output-name", where, name=name))
    return where, name


def _rule(rule: Any, findings: list[Finding]) -> tuple[str, tuple[cells.Test, ...], tuple[object, ...]]:
    where = rule.get("id", "")
    tests, values = [], []
    for entry in _children(rule, "inputEntry"):
        try:
            tests.append(cells.parse_test(_text(entry)))
        except BadExpression as error:
            findings.append(finding("bad-cell", where, text=_text(entry)[:80], reason=str(error)))
    for entry in _children(rule, "outputEntry"):
        try:
            values.append(cells.parse_value(_text(entry)))
        except BadExpression as error:
            findings.append(finding("bad-cell", where, text=_text(entry)[:80], reason=str(error)))
    table = rule.getparent()
    if len(_children(rule, "inputEntry")) != len(_children(table, "input")) or len(
        _children(rule, "outputEntry")
    ) != len(_children(table, "output")):
        findings.append(finding("row-length", where))
    return where, tuple(tests), tuple(values)
