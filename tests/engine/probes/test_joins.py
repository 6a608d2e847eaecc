"""What SpiffWorkflow 3.2.0 does with joins. A change here means: read engine-notes again."""

from __future__ import annotations

from itertools import product

from SpiffWorkflow.util.deep_merge import DeepMerge

from tests.engine.drawing import bpmn, end, flow, fork, start, user, xor
from tests.engine.probes.trying import begun, do, ready

LOOP = (
    start(),
    xor("again"),
    user("a"),
    user("b"),
    user("judge"),
    xor("good", "good_end"),
    end(),
    flow("again > split"),
    flow("start > again"),
    flow("split > a > join > judge > good > end"),
    flow("split > b > join"),
    flow("good > again", "redo"),
)


def early(gateway: str) -> int:
    """In how many of 8 order choices over three rounds the join fires with a branch still open."""
    source = bpmn(*LOOP, *(f'<{gateway} id="{name}"/>' for name in ("split", "join")))
    wrong = 0
    for orders in product(["ab", "ba"], repeat=3):
        workflow = begun(source)
        fired = False
        for order in orders:
            do(workflow, order[0])
            fired = fired or "judge" in ready(workflow)
            if fired:
                break
            do(workflow, order[1])
            if "judge" not in ready(workflow):
                fired = True
                break
            do(workflow, "judge", redo=True)
        wrong += fired
    return wrong


def test_a_parallel_join_in_a_rework_loop_fires_early() -> None:
    assert 0 < early("parallelGateway") <= 8


def test_an_inclusive_join_in_a_loop_is_wrong_in_every_order() -> None:
    source = bpmn(
        *LOOP[:7],
        *LOOP[7:9],
        '<inclusiveGateway id="split"/>',
        '<inclusiveGateway id="join"/>',
        flow("split > a", "n > 0"),
        flow("split > b", "n > 0"),
        flow("a > join > judge > good > end"),
        flow("b > join"),
        flow("good > again", "redo"),
    )
    wrong = 0
    for orders in product(["ab", "ba"], repeat=3):
        workflow = begun(source, n=1)
        try:
            for order in orders:
                do(workflow, order[0])
                assert ready(workflow) == [order[1]]
                do(workflow, order[1])
                assert ready(workflow) == ["judge"]
                do(workflow, "judge", redo=True)
        except (AssertionError, StopIteration):
            wrong += 1
    assert wrong == 8


def test_lists_are_truncated_at_a_merge() -> None:
    longer = {"list": [1, 2, 3, 4]}
    assert DeepMerge.merge(longer, {"list": [1, 2]}) == {"list": [1, 2]}


def test_the_last_branch_overwrites_what_another_has_changed() -> None:
    """Not in the notes before: its old copy of a fact from before the fork counts as news."""
    source = bpmn(
        start(), fork("f"), user("a"), user("b"), fork("j"), user("after"), end(),
        flow("start > f > a > j > after > end"), flow("f > b > j"),
    )  # fmt: skip
    workflow = begun(source, seen="before", list=[1, 2])
    do(workflow, "a", seen="after", list=[1, 2, 3])
    do(workflow, "b")
    assert ready(workflow) == ["after"]
    data = next(t for t in workflow.get_tasks(spec_name="after")).data
    assert data["seen"] == "before"
    assert data["list"] == [1, 2]


def test_the_tree_ahead_doubles_at_each_diamond() -> None:
    sizes = []
    for count in (4, 5, 6):
        parts, path = [start()], "start"
        for n in range(count):
            parts += [fork(f"f{n}"), user(f"a{n}"), user(f"b{n}"), fork(f"j{n}")]
            parts += [flow(f"{path} > f{n} > a{n} > j{n}"), flow(f"f{n} > b{n} > j{n}")]
            path = f"j{n}"
        sizes.append(len(begun(bpmn(*parts, end(), flow(f"{path} > end"))).tasks))
    assert sizes[1] > 1.8 * sizes[0]
    assert sizes[2] > 1.8 * sizes[1]
