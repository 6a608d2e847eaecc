"""A suggestion under each profile: its deadlines as running clocks, its rounds, and what its table of ratings decides."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.cases.models import Case, Clock, Task
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, scenarios
from huiyin.rules import services as rules

SUGGESTION = bundles.read("suggestion")
SCENARIOS = {one["file"][:2]: one for one in SUGGESTION.scenarios}


@pytest.fixture(params=["zhejiang-2016", "chongqing-2017"])
def under(request, db):
    return play_under(request.param)


def play_under(code: str):
    rules.seed_calendar()
    jurisdiction = Jurisdiction.objects.create(code=f"rules-{code}", name="规则县")
    town = sandbox.build(rules.load_profile(jurisdiction=jurisdiction, code=code))

    def play(number: str, steps: int | None = None) -> Case:
        scenario = {**SCENARIOS[number]}
        scenario["steps"] = scenario["steps"][:steps]
        return scenarios.play(SUGGESTION, town, scenario, scenarios.Run(scenario["name"]))

    play.code = code
    return play


def due(case: Case, rule: str) -> date:
    return (
        Clock.objects.filter(case=case, rule__code=rule).order_by("-id").values_list("due_on", flat=True)[0]
    )


def steps_to(number: str, step: str) -> int:
    """How many steps of a scenario lead to the first one that does `step`, itself counted."""
    return 1 + next(n for n, one in enumerate(SCENARIOS[number]["steps"]) if one.get("do") == step)


#: (rule, the step after which it runs) -> the due day under 浙江 2016 and under 重庆 2017, counted by hand from 2026-02-02,
#: or from 2026-02-10 for what starts with the reply. In between lie the
#: Spring Festival (15 to 23 February off) and its make-up Saturdays, the 14th and the 28th.
DEADLINES = [
    ("suggestion.accept", "submit", date(2026, 2, 9), date(2026, 2, 9)),
    ("suggestion.answer", "hand_over", date(2026, 5, 6), date(2026, 5, 6)),
    ("suggestion.object", "assign", date(2026, 2, 12), date(2026, 2, 14)),
    ("suggestion.opinion", "sign", date(2026, 4, 2), date(2026, 3, 20)),
    ("suggestion.rate", "deliver", date(2026, 3, 2), date(2026, 3, 16)),
]


@pytest.mark.parametrize(
    ("rule", "step", "zhejiang", "chongqing"), DEADLINES, ids=[row[0] for row in DEADLINES]
)
def test_counts_each_deadline_by_its_profile(under, rule, step, zhejiang, chongqing):
    last = steps_to("01", step) + (1 if step == "sign" else 0)
    case = under("01", last)
    assert due(case, rule) == (zhejiang if under.code == "zhejiang-2016" else chongqing)


def test_counts_the_second_answer_in_the_months_of_its_profile(under):
    case = under("04", steps_to("04", "study"))
    assert due(case, "suggestion.again") == (
        date(2026, 3, 10) if under.code == "zhejiang-2016" else date(2026, 4, 10)
    )


def test_a_second_dissatisfied_rating_never_starts_a_third_round_in_chongqing(db):
    play = play_under("chongqing-2017")
    second = [n for n, one in enumerate(SCENARIOS["05"]["steps"]) if one.get("do") == "rate"][1] + 1
    case = play("05", second)
    assert list(Task.objects.open().filter(case=case).values_list("step_id", flat=True)) == [
        "conference_final"
    ]
    assert case.round == 2


def test_a_conference_may_order_a_third_round_in_zhejiang(db):
    case = play_under("zhejiang-2016")("05", steps_to("05", "conference"))
    assert case.round == 3


def test_an_extension_moves_the_answer_and_no_further_than_the_longest_period(db):
    case = play_under("zhejiang-2016")("03", steps_to("03", "extension_ruling"))
    assert due(case, "suggestion.answer") == date(2026, 7, 1)


def test_one_day_of_handing_over_is_the_first_day_of_the_answer(db):
    case = play_under("zhejiang-2016")("03", steps_to("03", "hand_over"))
    clock = Clock.objects.get(case=case, rule__code="suggestion.answer")
    assert (clock.started_on, clock.due_on) == (date(2026, 2, 5), date(2026, 5, 6))
