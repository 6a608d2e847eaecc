"""An expression says what it says in Python, within its grammar and its limits."""

from __future__ import annotations

import pytest

from huiyin import engine
from huiyin.engine import expressions, functions

FACTS: dict[str, object] = {
    "round": 2,
    "verdict": "redo",
    "units": ["u1", "u2", "u3"],
    "has_deputy": True,
    "none": None,
    "满意度": "不满意",
    "marks": [1, 2.5, 3],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("7 // 2 + 7 % 4", 6),
        ("-round + +1", -1),
        ("round < 3", True),
        ("1 < round <= 2", True),
        ("1 < round < 2", False),
        ("round + 1", 3),
        ('verdict == "redo" and not none', True),
        ("none or verdict", "redo"),
        ("none and verdict", None),
        ("0 or 0.0 or ''", ""),
        ('满意度 == "不满意"', True),
        ('"u2" in units', True),
        ('"u9" not in units', True),
        ("none is None", True),
        ("verdict is not None", True),
        ("has_deputy is True", True),
        ("'a' if has_deputy else 'b'", "a"),
        ("units[0] + units[-1]", "u1u3"),
        ("units + ['u4']", ["u1", "u2", "u3", "u4"]),
        ("{'a': {'b': 5}}.a.b", 5),
        ("{'a': 1}['a']", 1),
        ("verdict[0]", "r"),
        ("len(units) + len(verdict)", 7),
        ("round(2.567, 1)", 2.6),
        ("round(2.5)", 2),
        ("abs(-3)", 3),
        ("min(marks) + max(1, 9)", 10),
        ("sum(marks)", 6.5),
        ("any([0, 1]) and all([1, 1])", True),
        ("int('12') + int(2.9) + float('0.5')", 14.5),
        ("str(round) + upper('a') + lower('B') + strip(' c ')", "2Abc"),
        ("starts_with(verdict, 're') and ends_with(verdict, 'do')", True),
        ("contains(units, 'u1') and contains(verdict, 'ed')", True),
        ("count(units, 'u1')", 1),
        ("bool(units)", True),
        ("(\n1 +\n1\n)", 2),
    ],
)
def test_says_what_it_says_in_python(text: str, value: object) -> None:
    found = engine.evaluate(text, FACTS)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text", ["unknown", "1 / 0", "'a' < 1", "units['a']", "units[9]", "-verdict", "'a' + 1"]
)
def test_what_fails_is_a_bad_expression(text: str) -> None:
    with pytest.raises(engine.BadExpression):
        engine.evaluate(text, FACTS)


def test_a_script_sees_its_own_lines() -> None:
    assert expressions.execute("a = round + 1\nb = a * 2\na = b", FACTS) == {"a": 6, "b": 6}
    assert expressions.execute("  round = round + 1  # next", FACTS) == {"round": 3}
    assert FACTS["round"] == 2


def test_a_list_counts_as_a_tree() -> None:
    lines = ["a = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"] + ["a = [a, a, a, a, a, a, a, a, a, a]"] * 8
    with pytest.raises(engine.BadExpression):
        expressions.execute("\n".join(lines), {})


def test_texts_do_not_grow_past_their_limit() -> None:
    lines = ["a = 'xxxxxxxxxx'"] + ["a = a + a + a + a"] * 10
    with pytest.raises(engine.BadExpression, match="too long"):
        expressions.execute("\n".join(lines), {})


def test_steps_are_counted() -> None:
    with pytest.raises(engine.BadExpression, match="steps"):
        engine.evaluate(" + ".join(["len(a)"] * 15), {"a": [0] * 1000})


def test_limits_of_the_text() -> None:
    assert engine.evaluate("1" + " " * 1990 + "+ 1", {}) == 2
    with pytest.raises(engine.BadExpression, match="2000"):
        engine.evaluate("1" + " " * 1999 + "+ 1", {})
    assert engine.evaluate("+".join(["1"] * 15), {}) == 15
    with pytest.raises(engine.BadExpression, match="30 levels"):
        engine.evaluate("+".join(["1"] * 40), {})
    with pytest.raises(engine.BadExpression, match="400 parts"):
        engine.evaluate(f"[{','.join(['1'] * 401)}]", {})


def test_only_the_named_functions_exist() -> None:
    assert sorted(functions.FUNCTIONS) == [
        "abs", "all", "any", "bool", "contains", "count", "ends_with", "float", "int", "len", "lower", "max",
        "min", "round", "starts_with", "str", "strip", "sum", "upper",
    ]  # fmt: skip


def test_a_fact_may_be_called_like_a_function() -> None:
    assert engine.evaluate("round(round + 0.4)", {"round": 2}) == 2
    with pytest.raises(engine.BadExpression):
        engine.evaluate("round", {})
