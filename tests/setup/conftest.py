"""A data directory of its own for each test, and processes that use it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from setup_helpers import User, environment, running_in


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory to be made, where PostgreSQL's account can reach it, as it cannot pytest's own."""
    home = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
    home.chmod(0o711)
    yield home / "data"
    for pid in running_in(home):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(home)


@pytest.fixture
def user(data: Path) -> Iterator[Callable[[], User]]:
    """Start a process that uses the data directory's server."""
    users: list[User] = []

    def start() -> User:
        users.append(User(data))
        return users[-1]

    yield start
    for one in users:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def command(data: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `huiyin` with the data directory and return what it said."""

    def run(*arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, sys.executable, "-P", "-m", "huiyin.config.command", *arguments],
            env=environment(data),
            capture_output=True,
            text=True,
            timeout=60,
            cwd="/",
            check=False,
        )

    return run
