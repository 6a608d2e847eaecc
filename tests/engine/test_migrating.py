"""A running case goes over to another diagram: the same tasks, keys, frames and facts, and then the new diagram's way."""

from __future__ import annotations

import random
from itertools import count

import pytest

from huiyin import engine
from huiyin.engine import codec
from huiyin.engine.ground import Ground
from huiyin.lifecycle import bundle as bundles
from tests.engine.drawing import boundary, bpmn, end, flow, fork, start, sub, user, xor
from tests.engine.matter import MATTER, TABLES
from tests.engine.random_diagrams import diagram, grown
from tests.engine.test_differential import FORKED
from tests.engine.walking import Walk

BEGIN = {"round": 1, "has_deputy": True, "citizen": None, "deputy": None}


def again(source: bytes, number: int = 1) -> bytes:
    """The same drawing in other bytes."""
    return source + f"\n<!-- {number} -->".encode()


class Moving(Walk):
    """A walk that goes over to another diagram on its way."""

    def move(self, source: bytes, **steps: str) -> engine.Advance:
        new = engine.compile_process(source, tables=self.tables)
        before = self.now
        self.now = engine.migrate(self.process, new, self.now.state, steps=steps)
        self.process = new
        assert {t.key: (t.item, t.frame) for t in self.now.open} == {
            t.key: (t.item, t.frame) for t in before.open
        }
        assert self.now.data == before.data
        return self.now


def obstacles(walk: Walk, source: bytes, **steps: str) -> set[tuple[str, str, str]]:
    new = engine.compile_process(source, tables=walk.tables)
    with pytest.raises(engine.CannotMove) as refused:
        engine.migrate(walk.process, new, walk.now.state, steps=steps)
    return {(one.element, one.code, one.other) for one in refused.value.obstacles}


def rows(walk: Walk) -> list[object]:
    """All that is saved, but for ids, which differ from run to run, and the digest."""
    body = codec.unpack(walk.now.state, walk.process.digest)
    numbers: dict[str, str] = {"": ""}

    def number(name: object) -> object:
        return numbers.setdefault(name, f"n{len(numbers)}") if isinstance(name, str) else name

    trees = [
        [number(owner), [[*row[:3], number(row[3]), *row[4:]] for row in found]]
        for owner, found in body["trees"]
    ]
    return [body["end"], body["done"], body["facts"], trees]


def seen(walk: Walk) -> tuple[object, ...]:
    now = walk.now
    tasks = sorted((t.step_id, t.item or "") for t in now.open)
    listening = sorted((x.message, x.step_id, x.attached_to) for x in now.listeners)
    return tasks, listening, now.data, now.ended, now.passed, rows(walk)


def random_act(walk: Walk, draw: random.Random, facts: dict[str, object]) -> tuple[object, ...]:
    """What to do next, told so that another walk in the same place can do it too."""
    if walk.now.listeners and draw.random() < 0.08:
        heard = sorted(walk.now.listeners, key=lambda x: (x.step_id, x.frame))[0]
        frames = sum(1 for x in walk.now.listeners if x.message == heard.message)
        if frames == 1:
            return ("send", heard.message, facts)
    task = draw.choice(sorted(walk.now.open, key=lambda t: (t.step_id, t.item or "")))
    return ("do", task.step_id, task.item, facts)


def act_on(walk: Walk, act: tuple[object, ...]) -> None:
    if act[0] == "send":
        walk.send(str(act[1]))
    else:
        walk.do(str(act[1]), act[2], **act[3])  # type: ignore[arg-type]


def matter_facts(draw: random.Random) -> dict[str, object]:
    return {
        "accept": draw.random() < 0.9,
        "objects": draw.random() < 0.3,
        "upheld": draw.random() < 0.5,
        "route": draw.choice(["units", "deputy", "station"]),
        "assignments": ["a", "b", "c"][: draw.randrange(4)],
        "citizen": draw.choice(["good", "bad", None]),
        "deputy": draw.choice(["good", "bad", None]),
    }


def compared(source: bytes, seed: int, facts, steps: int = 30, **begin: object) -> int:  # type: ignore[no-untyped-def]
    """Two walks with the same acts, one of which goes over to the same drawing at every waiting place."""
    draw = random.Random(seed)
    stays, moves = Walk(source, TABLES, **begin), Moving(source, TABLES, **begin)
    for number in range(steps):
        assert seen(stays) == seen(moves)
        if stays.now.ended:
            return number
        passed = moves.now.passed
        moves.move(again(source, number % 2))
        assert rows(moves) == rows(stays)
        assert passed == stays.now.passed
        act = random_act(stays, draw, facts(draw))
        act_on(stays, act)
        act_on(moves, act)
    return steps


@pytest.mark.parametrize("seed", range(15))
def test_a_walk_that_moves_at_every_step_is_the_walk_that_stays(seed: int) -> None:
    assert compared(MATTER, seed, matter_facts, **BEGIN) > 0


@pytest.mark.parametrize("seed", range(15))
def test_so_is_one_through_joins_and_interrupted_sub_processes(seed: int) -> None:
    assert compared(FORKED, seed, lambda draw: {"accept": draw.random() < 0.6}) > 0


def scopes_of(process: engine.Process) -> list[str]:
    return [process.id, *(step.id for step in process.steps.values() if step.kind == "subProcess")]


def random_walks(seed: int) -> int:
    draw = random.Random(seed)
    source = diagram(grown(draw, count(1)))
    if engine.check(source):
        return 0
    process = engine.compile_process(source)
    steps = process.steps
    if not all(Ground(process.scope(name).nodes).is_seen for name in scopes_of(process)):
        with pytest.raises(engine.CannotMove):  # too wide to be looked at as drawn: nothing is guessed
            engine.migrate(process, engine.compile_process(again(source, 0)), Walk(source, TABLES).now.state)
        return 0
    asked = [f"pick_{name}" for name in steps]
    return compared(source, seed, lambda draw: {name: draw.random() < 0.45 for name in asked[:90]}, 25)


@pytest.mark.parametrize("part", range(6))
def test_so_is_one_through_any_diagram(part: int) -> None:
    assert sum(random_walks(seed) for seed in range(part * 15, part * 15 + 15)) > 30


@pytest.mark.long
@pytest.mark.parametrize("part", range(6, 40))
def test_so_is_one_through_many_diagrams(part: int) -> None:
    assert sum(random_walks(seed) for seed in range(part * 15, part * 15 + 15)) > 20


class Everything(frozenset[str]):
    """The decision tables of all profiles: none is looked up before its step."""

    def __contains__(self, name: object) -> bool:
        return True


FACTS = {
    "screening": ["accept", "accept", "accept", "return"],
    "sign": ["accept", "accept", "object"],
    "upheld": [False, True],
    "next": ["submit", "hand", "review"],
    "route": ["units"],
    "part": ["lead", "co"],
    "assignments": [["x", "y"], ["x"], ["x", "y", "z"]],
    "verdict": ["redo", "satisfied"],
}


@pytest.mark.parametrize("name", ["matter", "suggestion", "livelihood", "bill"])
@pytest.mark.parametrize("seed", range(4))
def test_so_is_one_through_each_shipped_diagram(name: str, seed: int) -> None:
    """As far as made-up facts lead; a walk that the diagram breaks off ends there for both."""
    bundle = bundles.read(name)
    old = engine.compile_process(bundle.diagram, tables=Everything(), called=bundle.called)
    new = engine.compile_process(again(bundle.diagram), tables=Everything(), called=bundle.called)
    draw, steps = random.Random(seed), 0
    stays = moves = engine.start(old, data={"round": 1, "has_deputy": True, "leads": ["x"], "kind": "matter"})
    here, there = old, new
    for _ in range(40):
        moves = engine.migrate(here, there, moves.state)
        here, there = there, here
        assert sorted((t.step_id, t.item or "") for t in moves.open) == sorted(
            (t.step_id, t.item or "") for t in stays.open
        )
        assert moves.data == stays.data
        index = draw.randrange(len(stays.open))
        order = sorted(stays.open, key=lambda t: (t.step_id, t.item or "", t.key))
        mine = order[index]
        theirs = next(t for t in moves.open if (t.step_id, t.item) == (mine.step_id, mine.item))
        facts = {fact: draw.choice(values) for fact, values in FACTS.items()}
        try:
            stays = engine.complete(old, stays.state, key=mine.key, data=facts)
        except engine.Broken as broken:
            with pytest.raises(engine.Broken, match=broken.element):
                engine.complete(here, moves.state, key=theirs.key, data=facts)
            break
        moves = engine.complete(here, moves.state, key=theirs.key, data=facts)
        assert moves.passed == stays.passed
        steps += 1
        if stays.ended:
            assert moves.ended == stays.ended
            break
    assert steps > 0


PLAIN = bpmn(start(), user("ask"), user("tell"), end(), flow("start > ask > tell > end"))


def test_a_step_that_was_put_in_behind_the_case_is_done_next() -> None:
    walk = Moving(PLAIN)
    walk.move(
        bpmn(
            start(), user("ask"), user("check"), user("tell"), end(), flow("start > ask > check > tell > end")
        )
    )
    walk.do("ask")
    assert walk.waits == ["check"]
    walk.do("check")
    walk.do("tell")
    assert walk.outcome == "answered"


def test_a_step_that_was_taken_out_is_not_done_any_more() -> None:
    walk = Moving(PLAIN)
    walk.move(bpmn(start(), user("ask"), end(), flow("start > ask > end")))
    walk.do("ask")
    assert walk.outcome == "answered"


def test_a_step_without_its_like_wants_a_mapping() -> None:
    renamed = bpmn(start(), user("inquire"), user("tell"), end(), flow("start > inquire > tell > end"))
    walk = Moving(PLAIN)
    assert obstacles(walk, renamed) == {("ask", "step-gone", "")}
    assert obstacles(walk, renamed, ask="nowhere") == {("ask", "step-gone", "")}
    walk.move(renamed, ask="inquire")
    assert walk.waits == ["inquire"]
    walk.do("inquire")
    assert walk.waits == ["tell"]


def test_a_step_stays_of_its_kind_and_in_its_sub_process() -> None:
    walk = Walk(PLAIN)
    inside = sub("part", start("s"), user("ask"), end("e", None), flow("s > ask > e"))
    moved = bpmn(start(), inside, user("tell"), end(), flow("start > part > tell > end"))
    assert obstacles(walk, moved) == {("ask", "other-scope", "ask")}
    assert obstacles(walk, moved, ask="part") == {("ask", "other-kind", "part")}
    within = Walk(moved)
    assert obstacles(within, PLAIN) == {("part", "step-gone", "")}


def test_a_sub_process_can_have_another_name() -> None:
    def within(name: str) -> bytes:
        inside = sub(name, start("s"), user("ask"), user("more"), end("e", None), flow("s > ask > more > e"))
        return bpmn(start(), inside, user("tell"), end(), flow(f"start > {name} > tell > end"))

    walk = Moving(within("part"))
    walk.move(within("piece"), part="piece")
    walk.do("ask")
    walk.do("more")
    walk.do("tell")
    assert walk.outcome == "answered"


GUARDED = bpmn(
    start(),
    user("ask"),
    user("tell"),
    end(),
    end("cut", "withdrawn"),
    boundary("away", "ask", "withdraw"),
    flow("start > ask > tell > end"),
    flow("away > cut"),
    messages=("withdraw",),
)


def test_a_boundary_event_that_was_added_where_the_case_stands_listens() -> None:
    walk = Moving(PLAIN)
    walk.move(GUARDED)
    assert [(x.message, x.attached_to) for x in walk.now.listeners] == [("withdraw", "ask")]
    walk.send("withdraw")
    assert walk.outcome == "withdrawn"


def test_and_does_not_stand_in_the_way_of_the_step() -> None:
    walk = Moving(PLAIN, a=1)
    walk.move(GUARDED)
    walk.do("ask", b=2)
    assert walk.waits == ["tell"]
    assert walk.now.listeners == ()
    walk.do("tell")
    assert walk.outcome == "answered"
    assert walk.now.data == {"a": 1, "b": 2}


def test_one_that_was_taken_away_listens_no_more() -> None:
    walk = Moving(GUARDED)
    walk.move(PLAIN)
    assert walk.now.listeners == ()
    with pytest.raises(engine.NotAwaited):
        engine.deliver(walk.process, walk.now.state, message="withdraw")
    walk.do("ask")
    walk.do("tell")
    assert walk.outcome == "answered"


def test_two_are_drawn_anew_one_by_one() -> None:
    other = bpmn(
        start(), user("ask"), user("tell"), end(), end("cut", "withdrawn"), end("late", "unrated"),
        boundary("away", "ask", "withdraw"), boundary("over", "ask", "expired"),
        flow("start > ask > tell > end"), flow("away > cut"), flow("over > late"), messages=("withdraw", "expired"),
    )  # fmt: skip
    walk = Moving(GUARDED)
    walk.move(other)
    assert sorted(x.message for x in walk.now.listeners) == ["expired", "withdraw"]
    walk.send("expired")
    assert walk.outcome == "unrated"
    walk = Moving(other)
    walk.move(GUARDED)
    walk.send("withdraw")
    assert walk.outcome == "withdrawn"


def co_handled(event: bool, name: str = "work", item: str = "assignment") -> bytes:
    guard = (
        (boundary("away", "each", "withdraw") + end("cut", "withdrawn") + flow("away > cut")) if event else ""
    )
    inner = (
        (boundary("silent", name, "silent") + end("i_cut", None) + flow("silent > i_cut")) if event else ""
    )
    each = sub(
        "each", start("s"), user("sign"), user(name), end("e", None), flow(f"s > sign > {name} > e"), inner,
        over="assignments", item=item,
    )  # fmt: skip
    return bpmn(
        start(), each, user("reply"), end(), guard, flow("start > each > reply > end"),
        messages=("withdraw", "silent") if event else (),
    )  # fmt: skip


def test_instances_keep_their_items_and_frames_and_get_listeners_of_their_own() -> None:
    walk = Moving(co_handled(False), assignments=["a", "b", "c"])
    walk.do("sign", "b")
    walk.do("sign", "a")
    walk.do("work", "a")
    walk.move(co_handled(True))
    assert walk.waits == ["sign:c", "work:b"]
    silent = next(x for x in walk.now.listeners if x.message == "silent")
    assert silent.frame == walk.task("work", "b").frame
    walk.send("silent", silent.frame)
    assert walk.waits == ["sign:c"]
    walk.do("sign", "c")
    walk.do("work", "c")
    assert walk.waits == ["reply"]


def test_a_message_around_instances_cancels_them_all_after_the_move() -> None:
    walk = Moving(co_handled(False), assignments=["a", "b"])
    walk.move(co_handled(True))
    walk.send("withdraw")
    assert walk.outcome == "withdrawn"
    walk = Moving(co_handled(True), assignments=["a", "b"])
    walk.do("sign", "a")
    walk.move(co_handled(False))
    for item in "ab":
        if item == "b":
            walk.do("sign", item)
        walk.do("work", item)
    walk.do("reply")
    assert walk.outcome == "answered"


def test_instances_that_see_their_item_under_another_name_stay() -> None:
    walk = Walk(co_handled(False), assignments=["a", "b"])
    assert ("each", "instances-changed", "each") in obstacles(walk, co_handled(False, item="part"))
    plain = bpmn(
        start(), sub("each", start("s"), user("sign"), end("e", None), flow("s > sign > e")), end(),
        flow("start > each > end"),
    )  # fmt: skip
    assert ("each", "instances-changed", "each") in obstacles(walk, plain)


def branches(*lanes: str, last: str = "last") -> bytes:
    """A fork into lanes such as `a` or `a > x`, and a join."""
    drawn = "".join(user(name.strip()) for lane in lanes for name in lane.split(">"))
    ways = "".join(flow(f"f > {lane} > j") for lane in lanes)
    return bpmn(
        start(),
        fork("f"),
        fork("j"),
        drawn,
        user(last),
        end(),
        ways,
        flow("start > f"),
        flow(f"j > {last} > end"),
    )


def test_a_join_goes_on_counting() -> None:
    walk = Moving(branches("a", "b"))
    walk.do("a", x=1)
    walk.move(branches("a", "b > more"))
    walk.do("b", y=2)
    assert walk.waits == ["more"]
    walk.do("more")
    assert walk.waits == ["last"]
    assert walk.now.data == {"x": 1, "y": 2}


def test_a_branch_that_arrived_by_a_way_that_is_gone_wants_a_mapping() -> None:
    walk = Moving(branches("a", "b"))
    walk.do("a")
    assert obstacles(walk, branches("first", "b")) == {("a", "way-gone", "j")}
    walk.move(branches("first", "b"), a="first")
    walk.do("b")
    assert walk.waits == ["last"]


def test_a_branch_that_arrived_and_now_has_more_to_do_stays() -> None:
    walk = Moving(branches("a", "b"))
    walk.do("a")
    assert obstacles(walk, branches("a > x", "b")) == {("j", "way-moved", "a")}


def test_steps_that_never_wait_together_in_the_new_diagram_stay() -> None:
    row = bpmn(start(), user("a"), user("b"), user("last"), end(), flow("start > a > b > last > end"))
    walk = Moving(branches("a", "b"))
    assert obstacles(walk, row) == {("", "never-together", "a b")}
    assert obstacles(walk, branches("a", "b", "c")) == {("", "never-together", "a b")}
    assert obstacles(Walk(row), branches("a", "b")) == {("", "never-together", "a")}
    assert obstacles(walk, row, b="a") == {("", "never-together", "a a")}


def test_a_fork_that_is_gone_leaves_its_facts_to_the_merge() -> None:
    def forked(name: str) -> bytes:
        return branches("a", "b").replace(b'"f"', f'"{name}"'.encode())

    walk = Moving(forked("f"), total=1)
    walk.move(forked("split"))
    walk.do("a", total=2)
    walk.do("b", other=3)
    assert walk.now.data == {"total": 2, "other": 3}
    assert walk.waits == ["last"]


def test_choices_put_in_before_the_end_are_taken() -> None:
    chosen = bpmn(
        start(), user("ask"), xor("x", "x_tell"), user("tell"), user("extra"), xor("m"), end(),
        flow("start > ask > x > tell > m > end"), flow("x > extra", "more == True"), flow("extra > m"),
    )  # fmt: skip
    walk = Moving(PLAIN)
    walk.move(chosen)
    walk.do("ask", more=True)
    assert walk.waits == ["extra"]


def test_a_case_that_ended_stays_what_it_was() -> None:
    walk = Walk(PLAIN)
    walk.do("ask")
    walk.do("tell")
    assert obstacles(walk, again(PLAIN)) == {("", "ended", "")}


def test_a_state_of_another_diagram_is_not_moved() -> None:
    new = engine.compile_process(again(PLAIN))
    with pytest.raises(engine.ForeignState):
        engine.migrate(new, new, Walk(PLAIN).now.state)


def test_moving_there_and_back_is_not_having_moved() -> None:
    walk = Moving(PLAIN)
    before = rows(walk)
    walk.move(GUARDED)
    walk.move(PLAIN)
    assert rows(walk) == before


DECIDED = bpmn(
    start(), user("ask"), user("check"), xor("x", "x_tell"), user("tell"), user("extra"), xor("m"), end(),
    flow("start > ask > check > x > tell > m > end"), flow("x > extra", "grave == True"), flow("extra > m"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "steps", "known", "missing"),
    [
        ({"ask": {"grave"}}, {"check"}, set(), [("x", "grave")]),
        ({"ask": {"grave"}}, {"check"}, {"grave"}, []),
        ({"ask": {"grave"}}, {"ask"}, set(), []),
        ({"ask": {"grave"}}, {"tell"}, set(), []),
        ({"ask": {"grave"}, "check": {"grave"}}, {"check"}, set(), []),
        ({}, {"check"}, set(), []),  # nobody asks for it: it comes another way
        ({"extra": {"grave"}}, {"check"}, set(), []),  # a fresh case would not know it either
    ],
)
def test_a_case_that_is_past_the_step_that_asks_is_found(asked, steps, known, missing) -> None:  # type: ignore[no-untyped-def]
    foresight = engine.Foresight(engine.compile_process(DECIDED), asked)
    assert [(one.element, one.other) for one in foresight.missing(steps, known)] == missing


def test_a_step_that_can_be_interrupted_may_not_have_asked() -> None:
    """Who leaves by the boundary event has not answered; a fresh case can too, so nothing is held against the moved one."""
    cut = DECIDED.replace(
        b"</process>",
        boundary("away", "ask", "withdraw").encode() + flow("away > check").encode() + b"</process>",
    )
    cut = cut.replace(b"<process id", b'<message id="msg_withdraw" name="withdraw"/><process id')
    foresight = engine.Foresight(engine.compile_process(cut), {"ask": {"grave"}})
    assert foresight.missing({"check"}, set()) == []


@pytest.mark.parametrize("name", ["matter", "suggestion", "livelihood", "bill"])
def test_shipped_diagrams_decide_by_what_is_asked(name: str) -> None:
    """Wherever a fresh case can stand it has been asked: seen from the first step, nothing is missing."""
    bundle = bundles.read(name)
    process = engine.compile_process(bundle.diagram, tables=Everything(), called=bundle.called)
    asked = {
        step.id: {
            f for f, ui in bundle.forms[step.props["form"]]["ui"]["fields"].items() if ui.get("routing")
        }
        for step in process.steps.values()
        if step.kind == "userTask"
    }
    foresight = engine.Foresight(process, asked)
    first = {task.step_id for task in engine.start(process, data={"round": 1, "has_deputy": False}).open}
    assert foresight.guarded
    assert foresight.missing(first, set()) == []
