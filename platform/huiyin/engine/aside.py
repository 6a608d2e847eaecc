"""
Check a stranger's diagram in a child process, so that it can neither hang nor fill the process that asks.

One child per process, started at the first check and warm from then on. It is killed past its time and another one is
started; it is asked in JSON, never in pickles, and answers findings and steps. What it may do is in `aside_child`.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from huiyin.engine.catalogue import finding
from huiyin.engine.compiling import NOTHING, Called, Examined
from huiyin.engine.errors import Finding
from huiyin.engine.playing import MAX_STATES
from huiyin.engine.values import Step

SECONDS = 20.0  # twice what the proof of the worst diagram may take
MEGABYTES = 600  # that a check may use beyond what the warm child holds
SOURCE = Path(__file__).resolve().parents[2]
PLAIN = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "LANG": "C.UTF-8"}
KEPT = ("PYTHONPYCACHEPREFIX",)  # nothing is written into the checkout
COMMAND = (sys.executable, "-P", "-m", "huiyin.engine.aside_child")


class Checker:
    """A warm child process; one check at a time."""

    def __init__(
        self, *, command: Sequence[str] = COMMAND, seconds: float = SECONDS, megabytes: int = MEGABYTES
    ) -> None:
        self.command, self.seconds, self.megabytes = command, seconds, megabytes
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def examine(
        self,
        bpmn: bytes,
        *,
        tables: Collection[str] = (),
        sheets: Mapping[str, bytes] = NOTHING,
        called: Called = NOTHING,
        states: int = MAX_STATES,
    ) -> Examined:
        """As `compiling.examine`; a child that hangs or dies is a finding."""
        request = {
            "bpmn": _sent(bpmn),
            "tables": sorted(tables),
            "sheets": {name: _sent(source) for name, source in sheets.items()},
            "called": {name: _sent(source) for name, source in called.items()},
            "states": states,
        }
        with self._lock:
            return self._answer(self._living(), json.dumps(request).encode() + b"\n")

    def _answer(self, child: subprocess.Popen[bytes], request: bytes) -> Examined:
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self.seconds, stop)
        timer.start()
        try:
            line = _ask(child, request)
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return _read(json.loads(line))
        self.close()
        self._child = self._started()  # warm by the time of the next check
        if late.is_set():
            return Examined((finding("check-too-slow", "", seconds=f"{self.seconds:g}"),), {})
        return Examined((finding("check-died", "", reason=f"exit {child.returncode}"),), {})

    def _living(self) -> subprocess.Popen[bytes]:
        """The child; a new one if it has died meanwhile, or belongs to the process that this one was forked from."""
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self.close()
            self._child = self._started()
        return self._child

    def _started(self) -> subprocess.Popen[bytes]:
        self._owner = os.getpid()
        return subprocess.Popen(  # noqa: S603  our own module
            [*self.command, str(self.megabytes), f"{self.seconds:g}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**PLAIN, **{name: os.environ[name] for name in KEPT if name in os.environ}},
        )

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _shut(pipe)


def _sent(source: bytes) -> str:
    return b64encode(source).decode()


def _ask(child: subprocess.Popen[bytes], request: bytes) -> bytes:
    """The child's line; without its end if the child has died."""
    assert child.stdin is not None  # noqa: S101  both were asked for
    assert child.stdout is not None  # noqa: S101
    try:
        child.stdin.write(request)
        child.stdin.flush()
        return child.stdout.readline()
    except OSError:
        return b""


def _shut(pipe: Any) -> None:
    with suppress(OSError):  # what was still to be written has no reader
        pipe.close()


def _read(answer: dict[str, Any]) -> Examined:
    steps = {
        name: Step(**{**step, "props": MappingProxyType(step["props"])})
        for name, step in answer["steps"].items()
    }
    return Examined(tuple(Finding(**found) for found in answer["findings"]), steps)


CHECKER = Checker()
atexit.register(CHECKER.close)
