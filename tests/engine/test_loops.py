"""Every loop passes a person or is counted; what is not known of a counter counts as anything."""

from __future__ import annotations

from tests.engine.drawing import boundary, bpmn, end, flow, script, start, sub, table, user, xor
from tests.engine.walking import Walk, codes

EMPTY_LOOP = {("endless-loop", "m")}


def looped(*between: str, way: str, before: str = "", condition: str = "n < 5") -> bytes:
    """start > [before] > m > way > y > end, and back from y to m while the condition holds."""
    first = "start > z > m" if before else "start > m"
    steps = (script("z", before),) if before else ()
    parts = (start(), *steps, xor("m"), *between, xor("y", "y_end"), end())
    return bpmn(*parts, flow(f"{first} > {way} > y > end"), flow("y > m", condition), messages=("late",))


def row(name: str, *inner: str, over: str | None = None) -> str:
    """A sub-process with these steps in a row."""
    ids = [text.split('id="')[1].split('"')[0] for text in inner]
    path = " > ".join([f"{name}_s", *ids, f"{name}_e"])
    return sub(name, start(f"{name}_s"), *inner, end(f"{name}_e", None), flow(path), over=over)


def test_a_loop_through_a_task_needs_no_counter() -> None:
    assert codes(looped(user("a"), way="a")) == set()
    assert codes(looped(script("a", "k = 1"), way="a")) == EMPTY_LOOP


def test_a_loop_through_a_sub_process_passes_whoever_it_surely_passes() -> None:
    assert codes(looped(row("a", user("u")), way="a")) == set()
    assert codes(looped(row("a", script("u", "k = 1")), way="a")) == EMPTY_LOOP
    choice = sub(
        "a",
        start("s"),
        xor("x", "x_e"),
        user("u"),
        end("e", None),
        flow("s > x > e"),
        flow("x > u", "p"),
        flow("u > e"),
    )
    assert codes(looped(choice, way="a")) == EMPTY_LOOP


def test_many_instances_may_be_none_and_pass_nobody() -> None:
    assert codes(looped(row("a", user("u"), over="list"), way="a")) == EMPTY_LOOP
    assert codes(looped(row("a", user("u"), over="list"), user("b"), way="a > b")) == set()


def test_a_message_lets_time_pass() -> None:
    parts = (start(), xor("m"), user("a"), boundary("expired", "a", "late"), end())
    assert (
        codes(bpmn(*parts, flow("start > m > a > end"), flow("expired > m", id="back"), messages=("late",)))
        == set()
    )


def test_a_counter_is_followed_to_its_bound() -> None:
    count = script("c", "n = n + 1")
    source = looped(count, way="c", before="n = 0")
    assert codes(source) == set()
    assert Walk(source).outcome == "answered"
    assert codes(looped(count, way="c", before="n = 0", condition="n < 5 and other")) == set()
    assert codes(looped(count, way="c", before="n = 0", condition="n < 5 or other")) == EMPTY_LOOP
    assert codes(looped(script("c", "n = n - 1"), way="c", before="n = 0")) == EMPTY_LOOP
    assert codes(looped(script("c", "n = 3"), way="c", before="n = 0")) == EMPTY_LOOP


def test_more_turns_than_the_engine_makes_at_one_go_are_refused() -> None:
    count = script("c", "n = n + 1")
    assert codes(looped(count, way="c", before="n = 0", condition="n < 320")) == set()
    assert codes(looped(count, way="c", before="n = 0", condition="n < 330")) == EMPTY_LOOP


def test_a_counter_that_others_may_set_is_no_counter() -> None:
    count = script("c", "n = n + 1")
    assert codes(looped(count, way="c")) == EMPTY_LOOP
    asked = (start(), script("z", "n = 0"), user("a"), xor("m"), count, xor("y", "y_end"), end())
    ways = (flow("start > z > a > m > c > y > end"), flow("y > m", "n < 5"))
    assert codes(bpmn(*asked, *ways)) == EMPTY_LOOP
    decided = bpmn(*asked, *ways).replace(user("a").encode(), table("a", "t").encode())
    assert ("endless-loop", "m") in codes(decided, tables=("t",))


def test_the_round_is_known_from_the_start_and_no_form_sets_it() -> None:
    count = script("c", "round = round + 1")
    parts = (start(), user("a"), xor("m"), count, xor("y", "y_end"), end())
    ways = (flow("start > a > m > c > y > end"), flow("y > m", "round < 5"))
    assert codes(bpmn(*parts, *ways)) == set()


def test_a_counter_that_people_let_grow_without_bound_is_followed_only_so_far() -> None:
    """The loop of `a` passes a person and may go on for ever; with it `round` has ever other values at m."""
    parts = (start(), xor("g"), user("a"), script("r", "round = round + 1"), xor("x", "x_m"))
    again = (xor("m"), script("c", "round = round + 1"), xor("y", "y_end"), end())
    ways = (flow("start > g > a > r > x > m > c > y > end"), flow("x > g", "p"), flow("y > m", "round < 5"))
    assert codes(bpmn(*parts, *again, *ways)) == EMPTY_LOOP


def test_a_counter_that_grows_where_no_way_leads_to_the_loop_does_not_matter() -> None:
    parts = (
        start(),
        xor("s", "s_m"),
        xor("g"),
        user("a"),
        script("r", "round = round + 1"),
        xor("x", "x_end"),
    )
    again = (xor("m"), script("c", "round = round + 1"), xor("y", "y_end"), end())
    ways = (flow("start > s > m > c > y > end"), flow("s > g", "q"), flow("g > a > r > x > end"))
    back = (flow("x > g", "p"), flow("y > m", "round < 5"))
    assert codes(bpmn(*parts, *again, *ways, *back)) == set()
