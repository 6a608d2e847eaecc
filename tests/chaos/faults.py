"""What goes wrong while lives are lived: at moments drawn from the run's seed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from huiyin.config.postgres import Postgres


class Redis:
    """A Redis of the harness's own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For HUIYIN_REDIS_URL."""
        return f"redis://127.0.0.1:{self._port}/0"

    @staticmethod
    def is_installed() -> bool:
        """Without Redis its faults are left out, and the report says so."""
        return shutil.which("redis-server") is not None

    def start(self) -> None:
        """Start it, empty."""
        command = ["redis-server", "--port", str(self._port), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([*command, "--dir", str(self._folder)], stdout=subprocess.DEVNULL)

    def flush(self) -> None:
        """Let it forget every message."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=5) as door:
            door.sendall(b"FLUSHALL\r\n")
            door.recv(16)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Celery:
    """
    The platform's own worker with its scheduler, under a supervisor as in production (deploy/: systemd, compose).

    Celery itself may end when Redis goes away while it connects; whoever started it starts it again.
    """

    def __init__(self, folder: Path, database_url: str) -> None:
        self._folder = folder
        # By absolute paths: it stands in a folder of its own.
        path = os.pathsep.join(str(Path(part).absolute()) for part in sys.path if part)
        self._environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": path}
        self._process: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)

    def start(self) -> None:
        """Start it; it is ready some seconds later."""
        self._supervisor.start()

    def _supervise(self) -> None:
        while not self._over.is_set():
            self._process = self._born()
            while self._process.poll() is None and not self._over.is_set():
                self._over.wait(0.2)
            self._sweep_away(self._process)

    def _born(self) -> subprocess.Popen[bytes]:
        (self._folder / "beat").unlink(missing_ok=True)
        command = [
            sys.executable,
            "-P",
            "-m",
            "celery",
            "-A",
            "huiyin.config",
            "worker",
            "-B",
            "--concurrency",
            "1",
        ]
        with (self._folder / "celery.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--schedule", str(self._folder / "beat"), "--loglevel", "WARNING"],
                cwd=self._folder, env=self._environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it with all that it has started; its supervisor starts it again."""
        if self._process is not None:
            self._sweep_away(self._process)

    @staticmethod
    def _sweep_away(process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):  # a group of which nobody is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """For good."""
        self._over.set()
        self._supervisor.join()


class Storm(threading.Thread):
    """Kills and starts what lives live on, in a random order, until it is told to stop."""

    def __init__(self, seed: int, server: Postgres, redis: Redis | None, celery: Celery | None) -> None:
        super().__init__(daemon=True)
        self._draw = random.Random(seed)
        self._server, self._redis, self._celery = server, redis, celery
        self._over = threading.Event()
        self.counts: dict[str, int] = {}

    def run(self) -> None:
        """One fault after the other; PostgreSQL at least once."""
        works = [self._kill_postgres]
        if self._redis is not None and self._celery is not None:
            works += [self._flush_redis, self._kill_redis, self._kill_celery]
        self._draw.shuffle(works)
        for work in works:
            if self._over.wait(self._draw.uniform(0.3, 1.5)):
                return
            work()
            self.counts[work.__name__.strip("_")] = self.counts.get(work.__name__.strip("_"), 0) + 1

    def stop(self) -> None:
        """Let the fault in hand be mended, then end."""
        self._over.set()
        self.join()

    def _kill_postgres(self) -> None:
        postmaster = int((self._server.home / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(postmaster, signal.SIGKILL)
        time.sleep(0.05)
        while not self._server.answers():
            self._server.revive()  # does nothing while the killed server's children are still ending
            time.sleep(0.05)

    def _flush_redis(self) -> None:
        assert self._redis is not None
        try:
            self._redis.flush()
        except OSError:
            return  # it is just starting: nothing is in it

    def _kill_redis(self) -> None:
        assert self._redis is not None
        self._redis.kill()
        time.sleep(self._draw.uniform(0.5, 2.0))
        self._redis.start()

    def _kill_celery(self) -> None:
        assert self._celery is not None
        self._celery.kill()
