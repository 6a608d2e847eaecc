"""Whatever is killed, and whenever: the next start works."""

import os
import signal
import time

import pytest
from setup_helpers import postmaster, running_in

from huiyin.config import cluster
from huiyin.config.postgres import Postgres


def test_server_of_a_killed_user_is_taken_over_and_stopped(data, user):
    user().wait_until_ready().kill()
    orphan = postmaster(data)
    assert running_in(data)
    second = user().wait_until_ready()
    assert postmaster(data) == orphan
    second.stop()
    assert running_in(data) == []


def test_killed_server_comes_back_under_its_user(data, user):
    one = user().wait_until_ready()
    killed = postmaster(data)
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: postmaster_or_none(data) not in (None, killed) and Postgres(data).answers())
    one.stop()
    assert running_in(data) == []


def test_killed_server_and_user_leave_nothing_that_hinders_the_next(data, user):
    one = user().wait_until_ready()
    killed = postmaster(data)
    one.kill()
    os.kill(killed, signal.SIGKILL)
    user().wait_until_ready().stop()
    assert running_in(data) == []


def test_pid_file_that_names_a_stranger_does_not_hinder(data, user):
    user().wait_until_ready().stop()
    mine = f"{os.getpid()}\n{data / 'postgres'}\n1\n5432\n{data / 'run'}\n\n0 0\n"
    (data / "postgres" / "postmaster.pid").write_text(mine)
    user().wait_until_ready().stop()
    assert running_in(data) == []


def test_server_without_its_socket_is_replaced(data, user):
    user().wait_until_ready().kill()
    orphan = postmaster(data)
    for left in (data / "run").iterdir():
        left.unlink()
    second = user().wait_until_ready()
    assert postmaster(data) != orphan
    second.stop()
    assert running_in(data) == []


def test_stopped_server_is_killed_when_it_does_not_listen(data, user):
    one = user().wait_until_ready()
    os.kill(postmaster(data), signal.SIGSTOP)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 15
    assert running_in(data) == []


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(
            lambda data: any(data.glob(".postgres.new-*/base")), id="while the cluster is being made"
        ),
        pytest.param(lambda data: (data / "postgres").exists(), id="before the server has started"),
        pytest.param(lambda data: (data / "run" / ".s.PGSQL.5432").exists(), id="before the roles are made"),
        pytest.param(lambda data: (data / "keys").exists(), id="before the directory is marked"),
    ],
)
def test_start_killed_midway_is_made_good_by_the_next(data, user, moment):
    one = user()
    assert until(lambda: moment(data), pause=0.001)
    one.kill()
    user().wait_until_ready()
    with cluster.connect(data / "run", cluster.ROLE, cluster.DATABASE) as connection:
        assert connection.execute("SELECT similarity('环境卫生整治', '环境卫生') > 0").fetchone() == (True,)
    assert list(data.glob(".postgres.new-*")) == []


def until(true, *, seconds=20.0, pause=0.05):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(pause)
    return False


def postmaster_or_none(data):
    try:
        return postmaster(data)
    except (OSError, ValueError):
        return None
