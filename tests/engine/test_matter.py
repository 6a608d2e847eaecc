"""The shape of the real diagram runs as drawn."""

from __future__ import annotations

from itertools import permutations

import pytest

from huiyin import engine
from tests.engine.matter import MATTER, TABLES
from tests.engine.walking import Walk


@pytest.fixture
def matter() -> Walk:
    return Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)


def handled(matter: Walk) -> Walk:
    """At the rating, round one."""
    matter.do("screen", accept=True)
    matter.do("dispatch", route="station")
    matter.do("station_answer")
    matter.do("reply")
    return matter


def test_is_publishable() -> None:
    assert engine.check(MATTER, tables=TABLES) == []
    assert [f.code for f in engine.check(MATTER)] == ["no-such-table"]


def test_starts_at_the_screening(matter: Walk) -> None:
    assert matter.waits == ["screen"]
    assert matter.now.passed == ("start", "start_screen")
    assert [(x.message, x.attached_to, x.frame) for x in matter.now.listeners] == [("withdraw", "screen", "")]
    assert matter.now.opened == matter.now.open
    assert matter.now.closed == ()


def test_goes_the_short_way_to_a_satisfied_end(matter: Walk) -> None:
    handled(matter)
    matter.do("citizen_rate", citizen="good")
    assert matter.waits == ["deputy_rate"]
    matter.do("deputy_rate", deputy="good")
    assert matter.waits == ["satisfied"]
    assert matter.now.data["verdict"] == "satisfied"
    matter.send("reopen.expired")
    assert matter.outcome == "answered"
    assert matter.now.open == ()
    assert matter.now.listeners == ()


def test_declines_at_the_screening(matter: Walk) -> None:
    advance = matter.do("screen", accept=False)
    assert advance.ended == engine.Ended("declined", "declined", "declined")
    assert advance.passed == ("screen", "screen_accepted", "accepted", "accepted_declined", "declined")


def test_asks_no_deputy_when_there_is_none(matter: Walk) -> None:
    walk = Walk(MATTER, TABLES, round=1, has_deputy=False, citizen=None, deputy=None)
    handled(walk)
    assert walk.waits == ["citizen_rate"]
    walk.do("citizen_rate", citizen="good")
    assert walk.waits == ["satisfied"]


def test_a_matter_reopened_in_time_goes_to_study(matter: Walk) -> None:
    handled(matter)
    matter.do("citizen_rate", citizen="good")
    matter.do("deputy_rate", deputy="good")
    matter.do("satisfied")
    assert matter.waits == ["study"]


@pytest.mark.parametrize("order", list(permutations(["citizen_rate", "deputy_rate"])))
def test_rates_in_either_order(matter: Walk, order: tuple[str, ...]) -> None:
    handled(matter)
    given = {"citizen_rate": {"citizen": "bad"}, "deputy_rate": {"deputy": "good"}}
    for step in order:
        matter.do(step, **given[step])
    assert matter.waits == ["study"]
    assert (matter.now.data["citizen"], matter.now.data["deputy"]) == ("bad", "good")


def test_expiry_with_half_the_ratings_counts_the_half_given(matter: Walk) -> None:
    handled(matter)
    matter.do("citizen_rate", citizen="bad")
    open_before = {task.key for task in matter.now.open}
    matter.send("rate.expired")
    assert matter.waits == ["study"]
    assert set(matter.now.closed) == open_before
    assert matter.now.data["citizen"] == "bad"
    assert matter.now.passed[0] == "rating_expired"


def test_expiry_with_no_rating_leads_to_a_late_one(matter: Walk) -> None:
    handled(matter)
    matter.send("rate.expired")
    assert matter.waits == ["unrated"]
    matter.do("unrated", citizen="good")
    assert matter.waits == ["satisfied"]
    matter.send("reopen.expired")
    assert matter.outcome == "answered"


def test_a_matter_never_rated_ends_unrated(matter: Walk) -> None:
    handled(matter)
    matter.send("rate.expired")
    matter.send("reopen.expired")
    assert matter.outcome == "unrated"


def test_expiry_after_the_ratings_is_awaited_by_nobody(matter: Walk) -> None:
    handled(matter)
    matter.do("citizen_rate", citizen="good")
    matter.do("deputy_rate", deputy="good")
    with pytest.raises(engine.NotAwaited):
        matter.send("rate.expired")


def test_goes_three_rounds_and_then_to_the_conference(matter: Walk) -> None:
    matter.do("screen", accept=True)
    matter.do("dispatch", route="deputy")
    for number in (1, 2, 3):
        assert matter.now.data["round"] == number
        matter.do("deputy_answer")
        matter.do("reply")
        matter.do("citizen_rate", citizen="bad")
        matter.do("deputy_rate", deputy="bad")
        matter.do("study")
    assert matter.waits == ["conference"]
    matter.do("conference")
    assert matter.now.ended == engine.Ended("held", "answered", "held")


def test_an_upheld_objection_goes_back_to_be_signed(matter: Walk) -> None:
    matter.do("screen", accept=True)
    matter.do("dispatch", route="units", assignments=["a1", "a2"])
    matter.do("sign", "a1", objects=True)
    assert matter.waits == ["ruling:a1", "sign:a2"]
    matter.do("ruling", "a1", upheld=True)
    assert matter.waits == ["sign:a1", "sign:a2"]
    matter.do("sign", "a1", objects=True)
    matter.do("ruling", "a1", upheld=False)
    assert matter.waits == ["sign:a2", "work:a1"]


def places() -> list[str]:
    return ["screen", "dispatch", "deputy_answer", "sign", "ruling", "work", "second", "reply", "again"]


def taken_to(place: str, walk: Walk) -> None:
    if place == "screen":
        return
    walk.do("screen", accept=True)
    if place == "dispatch":
        return
    if place == "deputy_answer":
        walk.do("dispatch", route="deputy")
        return
    walk.do("dispatch", route="units", assignments=["a1", "a2", "a3"])
    if place == "ruling":
        walk.do("sign", "a2", objects=True)
    if place in ("work", "second", "reply", "again"):
        for item in ("a1", "a2", "a3"):
            walk.do("sign", item, objects=False)
    if place in ("second", "reply", "again"):
        for item in ("a3", "a1", "a2") if place != "second" else ("a3", "a1"):
            walk.do("work", item)
    if place == "again":
        walk.do("reply")
        walk.do("citizen_rate", citizen="bad")
        walk.do("deputy_rate", deputy="bad")
        walk.do("study")
        walk.do("sign", "a2", objects=True)


@pytest.mark.parametrize("place", places())
def test_withdraws_in_every_place(matter: Walk, place: str) -> None:
    taken_to(place, matter)
    before = {task.key for task in matter.now.open}
    assert before
    matter.send("withdraw")
    assert matter.outcome == "withdrawn"
    assert matter.now.open == ()
    assert matter.now.listeners == ()
    assert set(matter.now.closed) == before
    for key in before:
        with pytest.raises(engine.NotAwaited):
            engine.complete(matter.process, matter.now.state, key=key, tables=TABLES)


def test_cannot_be_withdrawn_once_it_is_rated(matter: Walk) -> None:
    handled(matter)
    with pytest.raises(engine.NotAwaited):
        matter.send("withdraw")


def test_three_co_handlers_in_every_order_over_four_rounds() -> None:
    """Six orders in each of four rounds: 1,296 ways, walked as a tree so that each round is run once."""

    def round_of(walk: Walk, order: tuple[str, ...]) -> None:
        for item in order:
            walk.do("sign", item, objects=False)
        for n, item in enumerate(reversed(order)):
            assert len(walk.waits) == 3 - n
            walk.do("work", item)
        assert walk.waits == ["reply"]
        assert walk.now.data["assignments"] == ["a", "b", "c"]
        walk.do("reply")
        walk.do("citizen_rate", citizen="bad")
        walk.do("deputy_rate", deputy="bad")
        walk.do("study", round=1)
        assert walk.waits == ["sign:a", "sign:b", "sign:c"]

    walk = Walk(MATTER, TABLES, round=1, has_deputy=True, citizen=None, deputy=None)
    walk.do("screen", accept=True)
    walk.do("dispatch", route="units", assignments=["a", "b", "c"])
    states, seen = [walk.now], 0
    orders = list(permutations("abc"))
    for depth in range(4):
        following = []
        for state in states:
            for order in orders:
                walk.now = state
                round_of(walk, order)
                following.append(walk.now)
                seen += 1
        # From round three on every sixth history is enough: what differs between them was compacted away.
        states = following[:: 1 if depth < 1 else 6]
    assert seen == 6 + 36 + 36 + 36


def test_reads_its_steps_and_flows() -> None:
    process = engine.compile_process(MATTER, tables=TABLES)
    assert process.id == "matter"
    assert process.steps["sign"].parent == "co_handling"
    assert process.steps["co_handling"].parent == "handling"
    assert (process.steps["co_handling"].collection, process.steps["co_handling"].item) == (
        "assignments",
        "assignment",
    )
    assert process.steps["rating_expired"].message == "rate.expired"
    assert process.steps["rating_expired"].attached_to == "rating"
    assert process.steps["decision"].table == "rating"
    assert process.steps["screen"].props["form"] == "screen"
    assert process.flows["accepted_dispatch"].default
    assert process.flows["accepted_declined"].condition == "accept == False"
    with pytest.raises(AttributeError):
        process.id = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        process.steps["new"] = process.steps["sign"]  # type: ignore[index]
