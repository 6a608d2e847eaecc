"""Expressions made by chance: nothing runs, nothing but the interpreter's own exception comes out."""

from __future__ import annotations

import builtins
import os
import random
import subprocess
from contextlib import suppress

import pytest

from huiyin import engine
from huiyin.engine import expressions
from huiyin.engine.functions import FUNCTIONS
from tests.engine.attacks import texts

NAMES = ["n", "units", "text", "yes", "none", "满意度", "x", "typename", "_p", "__class__"]
FACTS: dict[str, object] = {
    "n": 3,
    "units": ["u1", "u2", 7, None],
    "text": "abc" * 50,
    "yes": True,
    "none": None,
    "满意度": 1.5,
}
LITERALS = [
    "0",
    "1",
    "-1",
    "10**9",
    "999999999999999",
    "1e300",
    "''",
    "'u1'",
    "None",
    "True",
    "[]",
    "{}",
    "1.5",
]
BINARY = [
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "<<",
    "@",
    "&",
    "and",
    "or",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "is",
    "not in",
]


def made(draw: random.Random, depth: int = 0) -> str:
    """A piece of a grammar somewhat larger than the permitted one."""
    if depth > 5 or draw.random() < 0.2:
        return draw.choice(NAMES + LITERALS)
    inner = [made(draw, depth + 1) for _ in range(draw.randrange(1, 4))]
    a, b, c = inner[0], inner[-1], inner[len(inner) // 2]
    return draw.choice(
        [
            f"({a} {draw.choice(BINARY)} {b})",
            f"({a} {draw.choice(BINARY)} {b})",
            f"({a} {draw.choice(BINARY)} {b})",
            f"{draw.choice(['not ', '-', '+', '~'])}({a})",
            f"({a} if {b} else {c})",
            f"[{', '.join(inner)}]",
            f"{{'k': {a}, 'l': {b}}}",
            f"{draw.choice(list(FUNCTIONS))}({', '.join(inner)})",
            f"{draw.choice(list(FUNCTIONS))}({', '.join(inner)})",
            f"{draw.choice(['eval', 'open', 'getattr', '__import__', 'range', a])}({', '.join(inner)})",
            f"({a})[{b}]",
            f"({a}).{draw.choice([*NAMES, 'format', 'append', 'k'])}",
            f"[{a} for x in {b}]",
            f"f'{{{draw.choice(NAMES)}}}'",
            f"({a})[{b}:{c}]",
            f"(lambda x: {a})({b})",
        ]
    )


def mutated(draw: random.Random, text: str) -> str:
    chars = list(text)
    for _ in range(draw.randrange(1, 6)):
        at = draw.randrange(len(chars) + 1)
        match draw.randrange(3):
            case 0:
                chars.insert(at, draw.choice("()[]{}.,+-*/%<>=!'\"\\ \n\t_0123456789abcnux满\x00\u202e＿"))
            case 1 if chars:
                chars.pop(min(at, len(chars) - 1))
            case _:
                piece = chars[at : at + draw.randrange(20)]
                chars[at:at] = piece * draw.randrange(1, 4)
    return "".join(chars)


def run(count: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    def door(*args: object, **_: object) -> None:
        raise AssertionError(f"something ran: {args}")

    draw = random.Random(20250801)
    attacks = texts("/nonexistent/mark")
    for owner, name in ((os, "system"), (subprocess, "Popen"), (builtins, "eval"), (builtins, "exec")):
        monkeypatch.setattr(owner, name, door)
    monkeypatch.setattr(builtins, "open", door)
    good = bad = 0
    before = dict(FACTS)
    for n in range(count):
        text = draw.choice(attacks) if n % 10 == 0 else made(draw)
        if n % 3 == 0:
            text = mutated(draw, text)
        try:
            if n % 5 == 0:
                expressions.execute(f"y = {text}", FACTS)
            else:
                expressions.evaluate(text, FACTS)
            good += 1
        except engine.BadExpression:
            bad += 1
    assert before == FACTS
    return good, bad


@pytest.mark.filterwarnings("ignore")
def test_five_thousand_expressions_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = run(5_000, monkeypatch)
    assert good > 300
    assert bad > 2_000


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_hundred_thousand_expressions_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = run(100_000, monkeypatch)
    assert good > 6_000
    assert bad > 40_000


@pytest.mark.filterwarnings("ignore")
def test_steps_are_bounded_whatever_the_text() -> None:
    draw = random.Random(7)
    most = 0
    for _ in range(3_000):
        one = expressions._Run(FACTS)
        with suppress(engine.BadExpression):
            one.value(expressions.parse_expression(made(draw)))
        most = max(most, one.steps)
    assert 0 < most <= expressions.MAX_STEPS + expressions.MAX_PARTS * 4
