"""Workers, PostgreSQL and Redis are killed at random: nothing is lost, doubled or stuck; and the harness can see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings


def played(runs: int, seed: int, *control: str) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "tests.chaos", "--runs", str(runs), "--seed", str(seed), *control]
    path = os.pathsep.join([str(settings.ROOT / "platform"), str(settings.ROOT)])
    done = subprocess.run(
        command, cwd=settings.ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    # An error of the harness itself ends with 1 as well, and says nothing on this side.
    assert done.returncode in (0, 1), done.stderr[-3000:]
    assert done.stdout, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def nothing_is_wrong(found: dict[str, Any]) -> None:
    assert found["total"] == {"lost": 0, "doubled": 0, "stuck": 0, "different": 0}, found
    assert found["faults_of_history"] == []
    # It was no calm day.
    assert found["counts"]["killed"] > 0
    assert found["counts"]["kill_postgres"] > 0
    assert found["counts"]["delivered_twice"] > 0
    # A backup was made in its midst, and brought back.
    assert found["counts"]["restored_cases"] > 0


def test_fifty_lives_end_as_they_would_have():
    found = played(50, 1)
    assert found["runs"] == 50
    nothing_is_wrong(found)


def test_history_that_is_committed_before_the_state_is_found():
    """The negative control: with this fault of our own the same kills leave cases stuck or lost."""
    found = played(12, 1, "--control", "history-first")
    assert found["total"]["lost"] + found["total"]["stuck"] > 0
    assert found["total"]["different"] > 0


@pytest.mark.long
def test_five_hundred_lives_end_as_they_would_have():
    nothing_is_wrong(played(500, 1000))
