"""A decision table decides what its rows say, or says that it cannot."""

from __future__ import annotations

import pytest

from huiyin import engine
from huiyin.engine import Table, cells
from tests.engine.drawing import dmn
from tests.engine.matter import RATING


def one(cell: str, value: object) -> bool:
    """Whether a cell's test holds for a value."""
    return cells.parse_test(cell).holds(value)


@pytest.mark.parametrize(
    ("cell", "holds", "fails"),
    [
        ("-", [1, "x", None, True], []),
        ("", [1, None], []),
        ('"good"', ["good"], ["bad", None, "Good", 1]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ('not("a", "b")', ["c", None, 1], ["a", "b"]),
        ("< 3", [2, -5, 2.9], [3, 4, None, "2", True]),
        ("<= 3", [3], [3.1]),
        ("> 3", [4], [3]),
        (">= 3", [3, 4], [2]),
        ("[1..3]", [1, 2, 3], [0, 4, "2", None]),
        ("(1..3)", [2], [1, 3]),
        ("]1..3[", [2], [1, 3]),
        ("[1..3)", [1, 2.5], [3]),
        ("< 1, > 5", [0, 6], [1, 5]),
        ("5", [5, 5.0], [True, "5"]),
        ("-5", [-5], [5]),
        ("1", [1], [True]),
        ("true", [True], [1, "true", False]),
        ("false", [False], [0, None]),
        ("null", [None], [0, "", False]),
        ("not(null)", [0, "x"], [None]),
        ('"不满意"', ["不满意"], ["满意"]),
        (r'"a\"b"', ['a"b'], ["ab"]),
        ('"a,b"', ["a,b"], ["a"]),
    ],
)
def test_a_cell_holds_as_in_dmn(cell: str, holds: list[object], fails: list[object]) -> None:
    assert [v for v in holds if not one(cell, v)] == []
    assert [v for v in fails if one(cell, v)] == []


@pytest.mark.parametrize(
    "cell",
    ["good", "x > 3", "< ", "[1..", '"a" "b"', "1 2", ",", "not", "f(1)", "1..3", '"', "< true", "a.b"],
)
def test_a_cell_that_is_none_of_the_forms_is_refused(cell: str) -> None:
    with pytest.raises(engine.Refused) as refused:
        Table.parse(dmn([([cell], ['"y"'])], inputs=["x"], outputs=["v"]))
    assert [(f.code, f.element) for f in refused.value.findings] == [("bad-cell", "row1")]


@pytest.mark.parametrize("value", ["x", "1 + 1", "", "-", "< 3", '"a", "b"', "round + 1"])
def test_an_output_is_one_literal(value: str) -> None:
    with pytest.raises(engine.Refused) as refused:
        Table.parse(dmn([(["-"], [value])], inputs=["x"], outputs=["v"]))
    assert [f.code for f in refused.value.findings] == ["bad-cell"]
    assert Table.parse(dmn([(["-"], ["2"])], inputs=["x"], outputs=["v"])).evaluate({}) == {"v": 2}


def test_every_row_of_the_rating_can_be_walked() -> None:
    table = Table.parse(RATING)
    assert table.hit_policy == "FIRST"
    assert [column.expression for column in table.inputs] == ["citizen", "deputy", "round"]
    assert [rule.id for rule in table.rules] == ["row1", "row2", "row3", "row4"]
    assert [rule.values for rule in table.rules] == [("unrated",), ("redo",), ("redo",), ("satisfied",)]
    assert [test.source for test in table.rules[1].tests] == ['"bad"', "-", "-"]


def test_first_takes_the_first_row() -> None:
    table = Table.parse(RATING)
    assert table.evaluate({"citizen": "bad", "deputy": "bad"}) == {"verdict": "redo"}
    assert table.evaluate({}) == {"verdict": "unrated"}


def test_unique_is_checked() -> None:
    table = Table.parse(dmn([(["< 5"], ["1"]), (["> 3"], ["2"])], inputs=["x"], outputs=["v"]))
    assert table.evaluate({"x": 1}) == {"v": 1}
    assert table.evaluate({"x": 9}) == {"v": 2}
    with pytest.raises(engine.Broken, match="row1, row2"):
        table.evaluate({"x": 4})


def test_no_row_is_broken() -> None:
    table = Table.parse(dmn([(["1"], ["1"])], inputs=["x"], outputs=["v"]))
    with pytest.raises(engine.Broken, match="no row"):
        table.evaluate({"x": 2})


def test_an_input_may_be_an_expression() -> None:
    table = Table.parse(dmn([(["> 1"], ["1"]), (["<= 1"], ["2"])], inputs=["len(units)"], outputs=["v"]))
    assert table.evaluate({"units": ["a", "b"]}) == {"v": 1}
    with pytest.raises(engine.Broken, match="no fact is called units"):
        table.evaluate({})


@pytest.mark.parametrize("policy", ["COLLECT", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER"])
def test_other_hit_policies_are_refused(policy: str) -> None:
    with pytest.raises(engine.Refused) as refused:
        Table.parse(dmn([(["-"], ["1"])], inputs=["x"], outputs=["v"], policy=policy))
    assert [f.code for f in refused.value.findings] == ["hit-policy"]
    assert Table.parse(dmn([(["-"], ["1"])], inputs=["x"], outputs=["v"], policy="FIRST"))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (dmn([(["-"], ["1"])], inputs=["x"], outputs=["v w"]), "output-name"),
        (dmn([(["-"], ["1"])], inputs=["x"], outputs=["typename"]), "output-name"),
        (dmn([(["-"], ["1", "2"])], inputs=["x"], outputs=["v", "v"]), "output-name"),
        (dmn([(["-", "-"], ["1"])], inputs=["x"], outputs=["v"]), "row-length"),
        (dmn([(["-"], ["1"])], inputs=["x.y.__class__"], outputs=["v"]), "bad-expression"),
        (dmn([(["-"], ["1"])], inputs=[""], outputs=["v"]), "bad-expression"),
        (dmn([], inputs=["x"], outputs=["v"]), "empty-table"),
        (dmn([(["-"], ["1"])] * 501, inputs=["x"], outputs=["v"]), "table-too-large"),
        (dmn([(["-"], ["1"])], inputs=["x"], outputs=["v"], more=' aggregation="SUM"'), "hit-policy"),
        (b"<a/>", "other-document"),
        (b"not xml", "not-xml"),
        (
            dmn([(["-"], ["1"])], inputs=["x"], outputs=["v"]).replace(b"20191111", b"20180521"),
            "other-document",
        ),
    ],
)
def test_refuses_what_is_no_plain_table(source: bytes, code: str) -> None:
    with pytest.raises(engine.Refused) as refused:
        Table.parse(source)
    assert code in {f.code for f in refused.value.findings}


def test_refuses_a_literal_expression_decision() -> None:
    source = dmn([(["-"], ["1"])], inputs=["x"], outputs=["v"])
    start, stop = source.index(b"<decisionTable"), source.index(b"</decision>")
    literal = source[:start] + b'<literalExpression id="l"><text>1</text></literalExpression>' + source[stop:]
    with pytest.raises(engine.Refused) as refused:
        Table.parse(literal)
    assert {"one-table", "table-element"} & {f.code for f in refused.value.findings}
