"""Decision tables: what they decide. How they are read from DMN is in dmn.py, single cells in cells.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huiyin.engine import cells, dmn
from huiyin.engine.errors import BadExpression, Broken
from huiyin.engine.expressions import evaluate


@dataclass(frozen=True)
class Column:
    """An input column: its heading, and the expression whose value its cells test."""

    id: str
    label: str
    expression: str


@dataclass(frozen=True)
class Output:
    """An output column: the fact it sets."""

    id: str
    name: str


@dataclass(frozen=True)
class Rule:
    """A row: one test per input column, one value per output column."""

    id: str
    tests: tuple[cells.Test, ...]
    values: tuple[object, ...]


@dataclass(frozen=True)
class Table:
    """A decision table with hit policy UNIQUE (checked) or FIRST."""

    id: str
    name: str
    hit_policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def parse(cls, source: bytes) -> Table:
        """
        Read a DMN 1.3 file with one decision that is a table.

        :raises Refused: with all findings
        """
        read = dmn.read(source)
        return cls(
            id=read.id,
            name=read.name,
            hit_policy=read.hit_policy,
            inputs=tuple(Column(*column) for column in read.inputs),
            outputs=tuple(Output(*output) for output in read.outputs),
            rules=tuple(Rule(*rule) for rule in read.rules),
        )

    def evaluate(self, facts: Mapping[str, object]) -> dict[str, object]:
        """
        The outputs of the matching row. An input whose fact is missing is empty (null), as in DMN.

        :raises Broken: if an input cannot be evaluated, no row matches, or with UNIQUE more than one
        """
        values = [self._input(column, facts) for column in self.inputs]
        hits = [rule for rule in self.rules if self._matches(rule, values)]
        if not hits:
            raise Broken(self.id, f"no row of the table {self.id} matches {values}")
        if len(hits) > 1 and self.hit_policy == "UNIQUE":
            rows = ", ".join(rule.id for rule in hits)
            raise Broken(self.id, f"rows {rows} of the table {self.id} all match {values}")
        return {out.name: value for out, value in zip(self.outputs, hits[0].values, strict=True)}

    def _input(self, column: Column, facts: Mapping[str, object]) -> object:
        if column.expression.isidentifier():
            return facts.get(column.expression)
        try:
            return evaluate(column.expression, facts)
        except BadExpression as error:
            raise Broken(self.id, f"input {column.label}: {error}") from error

    def _matches(self, rule: Rule, values: list[object]) -> bool:
        return all(test.holds(value) for test, value in zip(rule.tests, values, strict=True))
