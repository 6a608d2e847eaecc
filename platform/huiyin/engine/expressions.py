"""The safe interpreter: it walks a checked tree, counts every step and bounds every value."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from huiyin.engine.errors import BadExpression
from huiyin.engine.facts import MAX_INT
from huiyin.engine.functions import FUNCTIONS
from huiyin.engine.grammar import parse_expression, parse_script

MAX_STEPS = 20_000
MAX_TEXT = 10_000
MAX_PARTS = 10_000  # of a list, counted as a tree: [a, a] is twice as large as a

_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, whole: item in whole,
    ast.NotIn: lambda item, whole: item not in whole,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


def evaluate(expression: str, facts: Mapping[str, object]) -> object:
    """
    What an expression says about the facts. A name that is no fact is an error, never silently empty.

    :raises BadExpression: if the expression is not permitted, fails, or outgrows its limits
    """
    return _Run(facts).value(parse_expression(expression))


def execute(script: str, facts: Mapping[str, object]) -> dict[str, object]:
    """
    The facts that a script's lines assign, each line seeing the lines before it.

    :raises BadExpression: as `evaluate`
    """
    run = _Run(dict(facts))
    assigned: dict[str, object] = {}
    for name, tree in parse_script(script):
        assigned[name] = run.value(tree)
        run.facts = {**run.facts, name: assigned[name]}
    return assigned


class _Run:
    """One evaluation and what it has used up."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts
        self.steps = 0

    def value(self, node: ast.expr) -> Any:
        try:
            return self._value(node)
        except BadExpression:
            raise
        except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, MemoryError) as error:
            raise BadExpression(f"{type(error).__name__}: {str(error)[:200]}") from None

    def _spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise BadExpression(f"more than {MAX_STEPS} steps")

    def _value(self, node: ast.expr) -> Any:
        self._spend()
        method = _METHODS.get(type(node))
        if method is None:
            raise BadExpression(f"{type(node).__name__} is not permitted")
        return method(self, node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        if node.id not in self.facts:
            raise BadExpression(f"no fact is called {node.id}")
        return self._bounded(self.facts[node.id])

    def _either(self, node: ast.BoolOp) -> Any:
        stop_at = isinstance(node.op, ast.Or)
        result: Any = None
        for part in node.values:
            result = self._value(part)
            if bool(result) is stop_at:
                break
        return result

    def _sign(self, node: ast.UnaryOp) -> Any:
        value = self._value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        _numbers(value)
        return -value if isinstance(node.op, ast.USub) else value

    def _arithmetic(self, node: ast.BinOp) -> Any:
        left, right = self._value(node.left), self._value(node.right)
        joins = isinstance(node.op, ast.Add) and type(left) is type(right) and type(left) in (str, list)
        if not joins:
            _numbers(left, right)  # no "%s" % x, no "x" * 10**9
        return self._bounded(_ARITHMETIC[type(node.op)](left, right))

    def _compare(self, node: ast.Compare) -> bool:
        left = self._value(node.left)
        for kind, part in zip(node.ops, node.comparators, strict=True):
            right = self._value(part)
            if isinstance(kind, ast.Is | ast.IsNot) and right is not None and type(right) is not bool:
                raise BadExpression("`is` compares with None, True or False only")
            self._spend(_parts(left) + _parts(right))
            if not _COMPARISON[type(kind)](left, right):
                return False
            left = right
        return True

    def _choice(self, node: ast.IfExp) -> Any:
        return self._value(node.body if self._value(node.test) else node.orelse)

    def _list(self, node: ast.List) -> Any:
        return self._bounded([self._value(part) for part in node.elts])

    def _dict(self, node: ast.Dict) -> Any:
        made: dict[Any, Any] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            name = self._value(key) if key is not None else None
            if type(name) is not str:
                raise BadExpression("keys are texts")
            made[name] = self._value(part)
        return self._bounded(made)

    def _item(self, node: ast.Subscript) -> Any:
        whole, index = self._value(node.value), self._value(node.slice)
        if type(whole) not in (list, dict, str):
            raise BadExpression("only lists, texts and mappings have items")
        return whole[index]

    def _attribute(self, node: ast.Attribute) -> Any:
        whole = self._value(node.value)
        if type(whole) is not dict or node.attr not in whole:
            raise BadExpression(f"nothing here is called {node.attr}")
        return whole[node.attr]

    def _call(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name):
            raise BadExpression("not a function")
        values = [self._value(part) for part in node.args]
        self._spend(sum(map(_parts, values)))
        return self._bounded(FUNCTIONS[node.func.id](*values))

    def _bounded(self, value: Any) -> Any:
        kind = type(value)
        if kind is int and abs(value) > MAX_INT:
            raise BadExpression("the number is too large")
        if kind is float and not math.isfinite(value):
            raise BadExpression("the number is too large")
        if kind is str and len(value) > MAX_TEXT:
            raise BadExpression("the text is too long")
        if kind in (list, dict):
            self._spend(_parts(value))
        elif kind not in (int, float, str, bool, type(None)):
            raise BadExpression(f"{kind.__name__} is no plain value")
        return value


def _numbers(*values: Any) -> None:
    if any(type(value) not in (int, float, bool) for value in values):
        raise BadExpression("arithmetic takes numbers; only texts with texts and lists with lists are joined")


def _parts(value: Any) -> int:
    """How large a value is as a tree; shared parts count each time. Stops as soon as it is too large."""
    count, pending = 0, [value]
    while pending:
        part = pending.pop()
        count += 1 + (len(part) // 100 if type(part) is str else 0)
        if count + len(pending) > MAX_PARTS:
            raise BadExpression("the list is too large")
        if type(part) is list:
            pending.extend(part)
        elif type(part) is dict:
            pending.extend(part.values())
    return count


_METHODS: Mapping[type[ast.expr], Callable[[_Run, Any], Any]] = {
    ast.Constant: _Run._constant,
    ast.Name: _Run._name,
    ast.BoolOp: _Run._either,
    ast.UnaryOp: _Run._sign,
    ast.BinOp: _Run._arithmetic,
    ast.Compare: _Run._compare,
    ast.IfExp: _Run._choice,
    ast.List: _Run._list,
    ast.Dict: _Run._dict,
    ast.Subscript: _Run._item,
    ast.Attribute: _Run._attribute,
    ast.Call: _Run._call,
}
