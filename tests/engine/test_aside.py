"""A stranger's diagram is checked in a child process: it may hang, die or eat memory there, and harms nobody."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyin import engine
from huiyin.engine.aside import Checker
from tests.engine.drawing import bpmn, end, flow, start, user
from tests.engine.test_calling import PART, calling

GOOD = bpmn(start(), user("a", form="甲"), end(), flow("start > a > end"))
HANGS = (sys.executable, "-c", "import time; time.sleep(1000)")


@pytest.fixture
def checker() -> Iterator[Checker]:
    made = Checker()
    yield made
    made.close()


def codes(seen: engine.Examined) -> list[str]:
    return [found.code for found in seen.findings]


def test_says_what_a_check_in_the_same_process_says(checker: Checker) -> None:
    for bpmn_, called in ((GOOD, {}), (calling("part"), {"part": PART}), (calling("part"), {}), (b"<", {})):
        assert checker.examine(bpmn_, called=called) == engine.examine(bpmn_, called=called)
    assert checker.examine(GOOD).steps["a"].props["form"] == "甲"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gbk", "gb2312", "gb18030"])
def test_reads_what_chinese_tools_write(checker: Checker, encoding: str) -> None:
    named = GOOD.decode().replace('name="a"', 'name="办理"').replace("UTF-8", encoding)
    seen = checker.examine(named.encode(encoding))
    assert (codes(seen), seen.steps["a"].name) == ([], "办理")


def test_the_child_stays_warm(checker: Checker) -> None:
    checker.examine(GOOD)
    first = checker._child
    checker.examine(GOOD)
    assert first is not None
    assert checker._child is first


def test_a_child_that_hangs_is_killed_and_the_next_check_works(checker: Checker) -> None:
    checker.examine(GOOD)
    checker.seconds = 0.5
    assert checker._child is not None
    os.kill(checker._child.pid, signal.SIGSTOP)
    hung = checker._child
    began = time.monotonic()
    assert codes(checker.examine(GOOD)) == ["check-too-slow"]
    assert time.monotonic() - began < 5
    assert hung.returncode == -signal.SIGKILL
    checker.seconds = 20
    assert codes(checker.examine(GOOD)) == []


def test_a_child_that_never_reads_is_killed_too() -> None:
    """The request is larger than a pipe holds, so the parent would wait for ever while it writes."""
    checker = Checker(command=HANGS, seconds=0.5)
    assert codes(checker.examine(GOOD + b" " * 900_000)) == ["check-too-slow"]
    checker.close()


def test_a_child_that_is_killed_is_a_finding_and_the_next_check_works(checker: Checker) -> None:
    checker.examine(GOOD)
    child = checker._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)
    threading.Timer(0.3, child.kill).start()
    assert codes(checker.examine(GOOD)) == ["check-died"]
    assert codes(checker.examine(GOOD)) == []


def test_a_child_that_died_between_two_checks_is_replaced_without_a_word(checker: Checker) -> None:
    checker.examine(GOOD)
    assert checker._child is not None
    checker._child.kill()
    checker._child.wait()
    assert codes(checker.examine(GOOD)) == []


def test_memory_is_limited() -> None:
    checker = Checker(megabytes=1)
    large = GOOD.replace(b'"true">', b'"true"><documentation>' + b"x" * 900_000 + b"</documentation>")
    assert codes(checker.examine(large)) == ["check-died"]
    assert codes(checker.examine(GOOD)) == []
    checker.close()
    checker = Checker()
    assert codes(checker.examine(large)) == []
    checker.close()


def test_a_forked_process_starts_a_child_of_its_own(checker: Checker) -> None:
    checker.examine(GOOD)
    checker._owner = -1  # as it looks after a fork
    first = checker._child
    assert codes(checker.examine(GOOD)) == []
    assert checker._child is not first
    assert first is not None
    first.kill()
    first.wait()


def test_the_kernel_lets_the_child_open_nothing(checker: Checker) -> None:
    checker.examine(GOOD)
    assert checker._child is not None
    limits = Path(f"/proc/{checker._child.pid}/limits").read_text(encoding="utf-8")
    line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    assert line.split()[3:5] == ["3", "3"]
    assert len(os.listdir(f"/proc/{checker._child.pid}/fd")) == 3


def test_the_child_knows_no_platform() -> None:
    """It starts quickly because it imports the engine alone."""
    import subprocess

    code = "import sys, huiyin.engine.aside_child; print([m for m in sys.modules if m.startswith(('django', 'celery'))])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
