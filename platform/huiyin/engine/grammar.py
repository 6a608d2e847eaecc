"""
Which expressions there are. Text becomes a checked tree; nothing here or later compiles or runs Python.

The grammar is a small part of Python's own, so that `ast.parse` (never `compile` to code) reads it.
"""

from __future__ import annotations

import ast
import keyword
from functools import lru_cache

from huiyin.engine.errors import BadExpression
from huiyin.engine.facts import MAX_INT, is_name
from huiyin.engine.functions import FUNCTIONS

MAX_SOURCE = 2_000
MAX_NODES = 400
MAX_DEPTH = 30

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
SIGNS = (ast.Not, ast.USub, ast.UAdd)
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot)
SHAPES = (ast.BoolOp, ast.IfExp, ast.List, ast.Dict)


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> ast.expr:
    """
    Read one expression.

    :raises BadExpression: if it is too long, no Python expression, or outside the permitted grammar
    """
    tree = _parse(text.strip(), "eval")
    if not isinstance(tree, ast.Expression):
        raise BadExpression("not an expression")
    _check_size(tree)
    _check(tree.body)
    return tree.body


@lru_cache(maxsize=1024)
def parse_script(text: str) -> tuple[tuple[str, ast.expr], ...]:
    """
    Read a script: lines `name = expression`, nothing else.

    :raises BadExpression: as `parse_expression`, or if a line is anything but one plain assignment
    """
    tree = _parse("\n".join(line.strip() for line in text.strip().splitlines()), "exec")
    if not isinstance(tree, ast.Module) or not tree.body:
        raise BadExpression("a script needs at least one line `name = expression`")
    _check_size(tree)
    return tuple(_assignment(line) for line in tree.body)


def _assignment(line: ast.stmt) -> tuple[str, ast.expr]:
    if (
        not isinstance(line, ast.Assign)
        or len(line.targets) != 1
        or not isinstance(line.targets[0], ast.Name)
    ):
        raise BadExpression("a script holds only lines `name = expression`")
    name = line.targets[0].id
    if not is_name(name) or keyword.iskeyword(name):
        raise BadExpression(f"{name} is no name for a routing fact")
    _check(line.value)
    return name, line.value


def _parse(text: str, mode: str) -> ast.AST:
    if len(text) > MAX_SOURCE:
        raise BadExpression(f"longer than {MAX_SOURCE} characters")
    if not text:
        raise BadExpression("empty")
    try:
        return ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise BadExpression(f"cannot be read: {type(error).__name__}") from None


def _check_size(tree: ast.AST) -> None:
    """Count nodes and depth with a list, not by recursion: the tree may be deeper than the stack."""
    pending, nodes = [(tree, 0)], 0
    while pending:
        node, depth = pending.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise BadExpression(f"more than {MAX_NODES} parts or {MAX_DEPTH} levels")
        pending.extend(
            (child, depth + 1)
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.expr_context | ast.operator | ast.cmpop | ast.boolop | ast.unaryop)
        )


def _check(node: ast.AST) -> None:
    match node:
        case ast.Constant():
            _check_constant(node.value)
            return
        case ast.Name():
            if not is_name(node.id):
                raise BadExpression(f"{node.id} is no name for a routing fact")
            return
        case ast.Call():
            _check_call(node)
            return
        case ast.UnaryOp() if isinstance(node.op, SIGNS):
            parts: list[ast.AST | None] = [node.operand]
        case ast.BinOp() if isinstance(node.op, OPERATORS):
            parts = [node.left, node.right]
        case ast.Compare() if all(isinstance(op, COMPARISONS) for op in node.ops):
            parts = [node.left, *node.comparators]
        case ast.Subscript() if not isinstance(node.slice, ast.Slice | ast.Tuple):
            parts = [node.value, node.slice]
        case ast.Attribute() if is_name(node.attr):
            parts = [node.value]
        case _ if isinstance(node, SHAPES):
            parts = [
                c for c in ast.iter_child_nodes(node) if not isinstance(c, ast.boolop | ast.expr_context)
            ]
            if isinstance(node, ast.Dict) and None in node.keys:
                raise BadExpression("`**` is not permitted")
        case _:
            raise BadExpression(f"{type(node).__name__} is not permitted")
    for part in parts:
        if part is not None:
            _check(part)


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise BadExpression(f"only these functions may be called: {', '.join(FUNCTIONS)}")
    if node.keywords:
        raise BadExpression("named arguments are not permitted")
    for part in node.args:
        _check(part)  # a starred argument is no permitted node


def _check_constant(value: object) -> None:
    if type(value) not in (str, int, float, bool, type(None)):
        raise BadExpression(f"{type(value).__name__} is not permitted")
    if type(value) is int and abs(value) > MAX_INT:
        raise BadExpression("the number is too large")
    if type(value) is float and value - value != 0:
        raise BadExpression("the number is too large")
