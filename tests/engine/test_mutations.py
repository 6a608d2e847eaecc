"""
Damaged diagrams: each is refused with findings or can be published and then really runs to an end.

Files opened and sockets made by Python are seen by an audit hook; what a C library does by itself is not. There the
child process of `aside` answers for it: the kernel lets it open nothing, and it must find the same.
"""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huiyin import engine
from huiyin.engine import Table
from huiyin.engine.aside import Checker
from tests.engine.mutating import mutated
from tests.engine.roaming import Stranded, roam
from tests.engine.walking import Walk

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {path.stem: path.read_bytes() for path in sorted((ROOT / "bpmn").glob("*/*.bpmn"))}
TABLES = {
    path.stem: Table.parse(path.read_bytes())
    for path in (ROOT / "platform/huiyin/rules/data/tables").rglob("*.dmn")
}
SECONDS = 5
FORBIDDEN = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "urllib.")
# Python itself looks for the line of a SyntaxError in a file of this name, whatever the text was.
HARMLESS = ("<unknown>", "rb", 0)
watched: list[tuple[str, str]] | None = None


def _hear(event: str, args: tuple[object, ...]) -> None:
    if watched is not None and event.startswith(FORBIDDEN) and args != HARMLESS:
        watched.append((event, repr(args)[:200]))


sys.addaudithook(_hear)  # it can't be taken away again, so it listens only while `watched` is a list


@contextmanager
def guarded() -> Iterator[None]:
    """Nothing is opened, and nothing computes longer than a page may wait; that others use the machine does not count."""
    global watched

    def late(*_: object) -> None:
        raise TimeoutError(f"more than {SECONDS} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    watched = []
    try:
        yield
        assert watched == []
    finally:
        watched = None
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def tried(seed: int, checker: Checker | None) -> str:
    """What became of one damaged diagram: refused, ended or under way."""
    draw = random.Random(seed)
    name = draw.choice(list(SHIPPED))
    source = mutated(SHIPPED[name], draw)
    with guarded():
        seen = engine.examine(source, tables=TABLES, called=SHIPPED)
    assert all(one.zh and one.en and one.remedy_zh and one.remedy_en for one in seen.findings)
    if checker is not None:
        assert checker.examine(source, tables=TABLES, called=SHIPPED) == seen, seed
    if seen.findings:
        with pytest.raises(engine.Refused):
            engine.compile_process(source, tables=TABLES, called=SHIPPED)
        return "refused"
    with guarded():
        process = engine.compile_process(source, tables=TABLES, called=SHIPPED)
        ended = [roam(process, TABLES, draw) for _ in range(4)]
    return "ended" if any(ended) else "under way"


def results(seeds: range, checker: Checker | None) -> list[str]:
    engine.examine(
        SHIPPED["suggestion"], tables=TABLES, called=SHIPPED
    )  # what is imported late is imported now
    return [tried(seed, checker) for seed in seeds]


def test_three_hundred_damaged_diagrams_are_refused_or_run() -> None:
    checker = Checker()
    found = results(range(300), checker)
    checker.close()
    assert found.count("refused") > 100
    assert found.count("ended") > 25


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_damaged_diagrams_are_refused_or_run(part: int) -> None:
    found = results(range(1_000 + part * 1_000, 2_000 + part * 1_000), None)
    assert found.count("refused") > 300
    assert found.count("ended") > 90


def test_the_guard_sees_a_file_that_is_opened() -> None:
    with pytest.raises(AssertionError), guarded():
        Path(__file__).read_bytes()


def test_the_walk_sees_a_case_that_strands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the proof to let a join pass that never fires, the walk would tell."""
    from huiyin.engine import soundness
    from tests.engine.drawing import bpmn, end, flow, fork, start, user, xor

    monkeypatch.setattr(soundness, "findings", lambda *_: iter(()))
    parts = (start(), xor("x", "x_a"), user("a"), user("b"), fork("j"), end())
    ways = (flow("start > x > a > j > end"), flow("x > b", "p"), flow("b > j"))
    process = Walk(
        bpmn(*parts, *ways, id="stranding"), p=True
    ).process  # its own: compiled processes are cached
    with pytest.raises(Stranded):
        roam(process, {}, random.Random(1))
