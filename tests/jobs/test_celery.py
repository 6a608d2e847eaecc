"""With Redis and a Celery worker the same rows are done; losing the broker makes work late, never lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction

from huiyin.history import services as history
from huiyin.history.models import Anchor
from huiyin.jobs import services
from huiyin.jobs.loop import JobLoop
from huiyin.jobs.models import Job
from tests.jobs.conftest import NOON, enqueue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

ROOT = Path(settings.ROOT)
ENQUEUE = """
import json, sys, time
import django
django.setup()
from django.db import connection, transaction
from huiyin.core import time_source
from huiyin.jobs import services
connection.ensure_connection()
for key in sys.argv[1:]:
    started = time.monotonic()
    services.enqueue(services.Work("history.seal", "system", 0, key, time_source.now()))
    print(json.dumps({"key": key, "seconds": time.monotonic() - started}))
"""


def database_url() -> str:
    """The address of the test's own database, for processes of its own."""
    found = connection.settings_dict
    password = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    return (
        f"postgres://{found['USER']}{password}@{quote(found['HOST'] or 'localhost', safe='')}"
        f":{found['PORT'] or 5432}/{found['NAME']}"
    )


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll a condition that real processes make true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


@dataclass
class Broker:
    """A Redis server of the test's own."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        assert until(self.answers, 10)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as door:
                door.sendall(b"PING\r\n")
                return door.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed; `apt-get install redis-server` lets this test run")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = Broker(tmp_path, port)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def environment(broker) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "HUIYIN_REDIS_URL": broker.url,
        "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "huiyin.config.settings",
    }


@pytest.fixture
def worker(environment, tmp_path) -> Iterator[Path]:
    """A real worker with its scheduler; the path of its log."""
    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "huiyin.config", "worker", "-B", "--concurrency", "1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--schedule", str(tmp_path / "beat"), "--loglevel", "INFO"],
            cwd=tmp_path, env=environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        assert until(lambda: b" ready." in log.read_bytes(), 40), log.read_text()[-2000:]
        yield log
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tell(environment: dict[str, str], *keys: str) -> list[float]:
    """Enqueue in a process that knows the broker; how long each took."""
    done = subprocess.run(
        [sys.executable, "-c", ENQUEUE, *keys], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line)["seconds"] for line in done.stdout.splitlines() if line.startswith('{"key"')]


def is_done(key: str) -> bool:
    return Job.objects.filter(key=key, status=Job.Status.DONE).exists()


def record(number: int) -> None:
    with transaction.atomic():
        lines = [history.Line("urged", {"words": "快"})]
        history.record(subject_kind="case", subject_id=number, lines=lines, by_id=None, at=NOON)


def test_a_worker_does_the_rows_also_after_the_broker_was_lost(environment, broker, worker):
    record(1)
    assert tell(environment, "told") != []
    assert until(lambda: is_done("told"), 20), worker.read_text()[-3000:]
    assert Anchor.objects.exists()

    enqueue("found", kind="history.seal")  # by a process that knows no broker: only the sweep can find it
    assert until(lambda: is_done("found"), 20), worker.read_text()[-3000:]

    broker.kill()
    record(2)
    seconds = tell(environment, "while away", "while away too")
    assert max(seconds) < 2
    assert seconds[1] < 0.2  # the broker is known to be away
    assert set(Job.objects.filter(key__startswith="while").values_list("status", flat=True)) == {"waiting"}

    broker.start()
    assert until(lambda: is_done("while away") and is_done("while away too"), 60), worker.read_text()[-3000:]
    assert set(Job.objects.filter(key__in=["told", "found"]).values_list("attempts", flat=True)) == {0}


def test_a_worker_works_on_when_the_database_was_restarted_under_it(environment, broker, worker):
    tell(environment, "before")
    assert until(lambda: is_done("before"), 20), worker.read_text()[-3000:]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0, "the worker keeps its connection"
    enqueue("after", kind="history.seal")
    assert until(lambda: is_done("after"), 20), worker.read_text()[-3000:]


def test_the_embedded_loop_does_the_same_rows(environment, broker, settings):
    settings.PERIODIC_JOBS = {}
    record(1)
    tell(environment, "told")  # by a process that has a broker, with no worker behind it
    assert not is_done("told")
    loop = JobLoop(pause=0.01)
    loop.start()
    try:
        assert until(lambda: is_done("told"), 20)
        assert Anchor.objects.exists()
        assert services.claim(now=NOON) == []
    finally:
        loop.stop(20)
