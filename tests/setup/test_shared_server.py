"""One server for all who use a data directory; the last to leave stops it."""

import os
import signal

import psycopg
import pytest
from setup_helpers import User, postmaster, running_in

from huiyin.config import cluster
from huiyin.config.postgres import Postgres


def test_is_stopped_by_its_only_user(data, user):
    first = user().wait_until_ready()
    assert running_in(data)
    first.stop()
    assert running_in(data) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_is_stopped_whatever_signal_ends_its_user(data, user, number):
    user().wait_until_ready().stop(number)
    assert running_in(data) == []


def test_is_used_by_a_second_and_outlives_the_first(data, user):
    first = user().wait_until_ready()
    before = postmaster(data)
    second = user().wait_until_ready()
    first.stop()
    assert postmaster(data) == before
    assert Postgres(data).answers()
    second.stop()
    assert running_in(data) == []


def test_starts_once_for_two_who_come_together(data, user):
    first, second = user(), user()
    first.wait_until_ready()
    second.wait_until_ready()
    assert len(list(data.glob("postgres"))) == 1
    first.stop()
    second.stop()
    assert running_in(data) == []


def test_gives_the_application_a_role_that_rules_only_its_own(data, user):
    user().wait_until_ready()
    with cluster.connect(data / "run", cluster.ROLE, cluster.DATABASE) as connection:
        rights = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, True)
        assert connection.execute("SELECT similarity('环境卫生整治', '环境卫生') > 0").fetchone() == (True,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_gives_new_databases_the_extensions(data, user):
    user().wait_until_ready()
    with cluster.connect(data / "run", cluster.ROLE, cluster.DATABASE) as connection:
        connection.execute("CREATE DATABASE test_other")
    with cluster.connect(data / "run", cluster.ROLE, "test_other") as connection:
        names = connection.execute("SELECT extname FROM pg_extension").fetchall()
    assert {("pg_trgm",), ("btree_gist",)} <= set(names)


def test_lets_nobody_in_under_a_name_that_is_not_mapped(data, user):
    user().wait_until_ready()
    with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer"):
        cluster.connect(data / "run", "someone", "postgres")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_does_not_run_as_root(data, user):
    user().wait_until_ready()
    assert os.stat(f"/proc/{postmaster(data)}").st_uid != 0


def test_lives_behind_a_path_too_long_for_a_socket(data):
    deep = data.parent / ("很长的目录" * 8)
    one = User(deep).wait_until_ready()
    sockets = Postgres(deep).sockets
    assert not sockets.is_relative_to(deep)
    one.stop()
    assert running_in(deep) == []
    sockets.rmdir()
