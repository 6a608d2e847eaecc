"""Every row of the tables by which ratings decide."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from huiyin import engine
from huiyin.rules import services

TABLES = services.DATA / "tables"
SCALE = ("satisfied", "basic", "dissatisfied")


def table(name: str) -> engine.Table:
    return engine.Table.parse((TABLES / f"{name}.dmn").read_bytes())


@pytest.mark.parametrize(("result", "attitude"), list(product((*SCALE, ""), (*SCALE, ""))))
def test_the_result_decides_before_the_attitude(result, attitude):
    verdict = table("suggestion_rating").evaluate({"deputy_result": result, "deputy_attitude": attitude})[
        "verdict"
    ]
    if result == "dissatisfied":
        assert verdict == "redo"
    elif result == "":
        assert verdict == "unrated"
    else:
        assert verdict == ("talk" if attitude == "dissatisfied" else "satisfied")


@pytest.mark.parametrize(
    ("citizen", "deputy", "attitude", "other", "verdict"),
    [
        ("dissatisfied", "satisfied", "", "", "redo"),
        ("satisfied", "dissatisfied", "", "", "redo"),
        ("", "", "", "", "unrated"),
        ("", "", "dissatisfied", "", "unrated"),
        ("satisfied", "satisfied", "dissatisfied", "", "talk"),
        ("satisfied", "satisfied", "", "dissatisfied", "talk"),
        ("basic", "", "", "", "satisfied"),
        ("", "satisfied", "", "", "satisfied"),
    ],
)
def test_either_of_two_raters_sends_a_matter_back(citizen, deputy, attitude, other, verdict):
    facts = {
        "citizen_result": citizen,
        "deputy_result": deputy,
        "citizen_attitude": attitude,
        "deputy_attitude": other,
    }
    assert table("rating").evaluate(facts)["verdict"] == verdict


@pytest.mark.parametrize(
    ("members", "satisfied", "basic", "measured"),
    [
        (182, 152, 30, "satisfied"),  # the vote of 龙游
        (200, 100, 0, "satisfied"),  # exactly half
        (200, 99, 1, "basic"),
        (201, 100, 0, "dissatisfied"),  # just under half of an odd number
        (201, 101, 0, "satisfied"),
        (200, 0, 100, "basic"),  # exactly half together
        (200, 60, 39, "dissatisfied"),
        (200, 0, 0, "dissatisfied"),
    ],
)
def test_a_measurement_counts_all_members_and_half_is_enough(members, satisfied, basic, measured):
    facts = {"tally_members": members, "tally_satisfied": satisfied, "tally_basic": basic}
    assert table("tally").evaluate(facts)["measured"] == measured


@pytest.mark.parametrize(("round", "zhejiang"), [(2, "yes"), (3, "yes"), (4, "no"), (5, "no")])
def test_whether_a_conference_may_order_another_round(round, zhejiang):
    assert table("suggestion_conference").evaluate({"round": round})["repeat"] == zhejiang
    assert table("suggestion_conference_once").evaluate({"round": round})["repeat"] == "no"


def test_every_row_of_every_table_is_reached_by_these_tests():
    covered = {
        "rating": 6,
        "suggestion_rating": 4,
        "suggestion_conference": 2,
        "suggestion_conference_once": 1,
        "tally": 3,
    }
    assert {path.stem: len(table(path.stem).rules) for path in Path(TABLES).glob("*.dmn")} == covered
