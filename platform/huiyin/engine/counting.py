"""What is known of the facts that count a loop: their numbers, as far as scripts alone set them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from huiyin.engine import expressions
from huiyin.engine.errors import BadExpression
from huiyin.engine.grammar import parse_expression, parse_script
from huiyin.engine.nets import Node
from huiyin.engine.values import Flow, Step

Facts = frozenset[tuple[str, object]]  # the counters whose value is known
Counted = tuple[str, Facts]  # a node, and what is known when a token comes to it


def names_assigned(step: Step) -> set[str]:
    """The facts that a script task sets."""
    try:
        return {name for name, _ in parse_script(step.script)} if step.script else set()
    except BadExpression:
        return set()


def names_read(flow: Flow) -> set[str]:
    """The facts that a flow's condition reads."""
    return set() if flow.condition is None else _names(flow.condition)


def _names(text: str) -> set[str]:
    try:
        return {node.id for node in ast.walk(parse_expression(text)) if isinstance(node, ast.Name)}
    except BadExpression:
        return set()


def after_script(step: Step, facts: Facts, names: frozenset[str]) -> Facts:
    """What is known after a script: a line that reads something unknown leaves its fact unknown."""
    known = dict(facts)
    for name, tree in parse_script(step.script or ""):
        if name not in names:
            known.pop(name, None)
            continue
        value = _value(ast.unparse(tree), known)
        if isinstance(value, int | float | str):
            known[name] = value
        else:
            known.pop(name, None)
    return frozenset(known.items())


def _value(text: str, known: dict[str, object]) -> object:
    """What an expression says, or None where it needs what is not known."""
    try:
        return expressions.evaluate(text, known)
    except BadExpression:
        return None


def ways_out(node: Node, facts: Facts) -> Iterator[Flow]:
    """The flows that a token may take: the first whose condition holds, the default if none does."""
    if node.step.kind != "exclusiveGateway":
        yield from node.outgoing
        return
    known = dict(facts)
    for flow in node.outgoing:
        if flow.default or flow.condition is None:
            continue
        holds = _holds(parse_expression(flow.condition), known)
        if holds is not False:
            yield flow
        if holds is True:
            return
    yield from (flow for flow in node.outgoing if flow.default or flow.condition is None)


def _holds(tree: ast.expr, known: dict[str, object]) -> bool | None:
    """Whether a condition holds; None where that depends on what is not known."""
    if isinstance(tree, ast.BoolOp):
        parts = [_holds(part, known) for part in tree.values]
        decisive = isinstance(tree.op, ast.Or)
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    value = _value(ast.unparse(tree), known)
    return None if value is None else bool(value)
