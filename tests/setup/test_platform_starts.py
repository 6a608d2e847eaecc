"""The whole platform: it starts, serves, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from setup_helpers import environment, postmaster, running_in

pytestmark = pytest.mark.long


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def start(data, port, *arguments):
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "huiyin.config.command", "--port", str(port), *arguments],
        env={**environment(data), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if f":{port}/" in line:
            return process, said
    raise AssertionError("".join(said))


def stop(process, number):
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=15)
    return time.monotonic() - began


def is_served(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return answer.status == 200


def test_twice_in_a_row_the_second_time_within_five_seconds(data, port):
    process, _ = start(data, port)
    assert is_served(port)
    assert stop(process, signal.SIGINT) < 15
    assert process.returncode == 0
    assert running_in(data) == []
    began = time.monotonic()
    process, _ = start(data, port)
    assert time.monotonic() - began < 5
    assert is_served(port)
    stop(process, signal.SIGTERM)
    assert running_in(data) == []


def test_after_it_was_killed(data, port):
    process, _ = start(data, port, "--empty")
    process.kill()
    process.communicate()
    process, _ = start(data, port)
    assert is_served(port)
    stop(process, signal.SIGTERM)
    assert running_in(data) == []


def test_and_serves_on_after_its_database_was_killed(data, port):
    process, _ = start(data, port, "--empty")
    os.kill(postmaster(data), signal.SIGKILL)
    time.sleep(3)
    assert is_served(port)
    stop(process, signal.SIGTERM)
    assert running_in(data) == []
