"""What the tests of set-up share."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USE = """
import signal
# A run under nohup hands down an ignored SIGHUP, which the program rightly keeps; here it is the signal under test.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from huiyin.config import embedded, interrupts, keeper
from huiyin.config.datadir import Kind
interrupts.exit_on_kill()
embedded.open_data(new_as=Kind.SCRATCH)
with embedded.joined() as server:
    watch = keeper.Keeper(server)
    watch.start()
    print("ready", flush=True)
    try:
        signal.pause()
    finally:
        watch.stop()
"""


def environment(data: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPYCACHEPREFIX")
    }
    return {
        **kept,
        "HUIYIN_DATA": str(data),
        "HUIYIN_CACHE": str(data.parent / "cache"),
        # The year of the demo would play on both cores beside what is measured here.
        "HUIYIN_DEMO_SESSION": "no",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }


class User:
    """A process that uses the server of a data directory, and keeps it alive, until told otherwise."""

    def __init__(self, data: Path, *prefix: str) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-P", "-c", USE],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        )

    def wait_until_ready(self) -> "User":
        line = self.process.stdout.readline()
        assert line == "ready\n", self.process.stderr.read()
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(15)


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def running_in(data: Path) -> list[int]:
    """Every process whose current folder is the cluster: PostgreSQL's all are, whatever our locks say."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(data):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
