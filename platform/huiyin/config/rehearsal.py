"""The demo's annual session, played by a process beside the server: the start does not wait for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from huiyin.config.refusal import say

STOP_SECONDS = 5.0


class Rehearsal:
    """A child process that plays the session; killed at any moment it goes on at the next start."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, unless it has been played or HUIYIN_DEMO_SESSION=no says that it is not wanted."""
        if os.environ.get("HUIYIN_DEMO_SESSION") == "no" or _is_played():
            return
        say(
            "演示县的年度会议正在后台演练，约两分钟 / The demo's annual session is being played, about two minutes"
        )
        command = ["-P", "-m", "huiyin.config.command", "--data", str(self._data), "manage", "demo-session"]
        self._child = subprocess.Popen(  # noqa: S603  our own command
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Its steps and, should it fail, its reason are told where the server tells its own.
            # Ctrl-C reaches the whole group of a terminal: the server ends its child itself.
            start_new_session=True,
            preexec_fn=_step_back,
        )

    def stop(self) -> None:
        """End the child."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def _step_back() -> None:
    os.nice(10)


def _is_played() -> bool:
    from huiyin.lifecycle.demo import session

    return session.is_played()
