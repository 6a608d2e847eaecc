"""What it costs to prove a diagram: while somebody draws, and at publishing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from huiyin import engine
from tests.bench.measuring import Figure, at_most, in_turn, timed
from tests.engine.drawing import boundary, bpmn, end, flow, fork, start, user

WHILE_DRAWING, AT_PUBLISHING = 500, 10_000  # milliseconds


def figures() -> Iterator[Figure]:
    """Section i."""
    blocks, entangled = _blocks(49), _entangled(16)
    drawing, publishing = in_turn(
        [partial(timed, partial(engine.CHECKER.examine, source)) for source in (blocks, entangled)], each=1
    )
    yield at_most(
        "i", "checking 198 nodes in 49 fork–join blocks, in the child", drawing, WHILE_DRAWING, "ms"
    )
    yield at_most(
        "i", "proving 16 entangled ways of 65,538 states, in the child", publishing, AT_PUBLISHING, "ms"
    )


def _blocks(count: int) -> bytes:
    """Forks and joins in a row, four nodes each."""
    parts, path = [start()], "start"
    for n in range(count):
        parts += [fork(f"f{n}"), user(f"a{n}"), user(f"b{n}"), fork(f"j{n}")]
        parts += [flow(f"{path} > f{n} > a{n} > j{n}"), flow(f"f{n} > b{n} > j{n}")]
        path = f"j{n}"
    return bpmn(*parts, end(), flow(f"{path} > end"))


def _entangled(count: int) -> bytes:
    """Parallel tasks, each of which may end everything: nothing collapses."""
    parts = [start(), fork("f"), fork("j"), end(), flow("start > f"), flow("j > end")]
    for n in range(count):
        task, out = f"a{n}", f"w{n}"
        parts += [user(task), boundary(f"b{n}", task, "m"), end(out, terminate=True)]
        parts += [flow(f"f > {task} > j"), flow(f"b{n} > {out}")]
    return bpmn(*parts, messages=("m",))
