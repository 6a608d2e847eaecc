"""What stands in the way is one sentence, exit status 2 and no traceback."""

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from huiyin.config import locks
from huiyin.config.datadir import Kind, open_data_dir

ORDINARY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


def refused(done, *words):
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr
    return True


def test_taken_port(command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused(command("--port", port), port, "已被占用", "is taken")


def test_port_out_of_range(command):
    assert refused(command("--port", "99999999"), "99999999")


def test_address_of_another_machine(command):
    assert refused(command("--listen", "192.0.2.1"), "192.0.2.1")


def test_second_start_says_where_the_first_one_serves(data, command):
    open_data_dir(data, new_as=Kind.DEMO)
    first = locks.FileLock(data / ".serving.lock")
    assert first.try_exclusive()
    first.write("http://127.0.0.1:8000/ (pid 1)")
    assert refused(command("--port", "0"), "http://127.0.0.1:8000/", "已在运行", "already running")


def test_directory_that_cannot_be_made(command):
    assert refused(
        command("--data", "/proc/huiyin", "--port", "0"), "/proc/huiyin", "不能写入", "cannot be written"
    )


def test_directory_that_is_a_file(data, command):
    data.write_text("")
    assert refused(command("--port", "0"), str(data), "不能写入")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv")
def test_directory_of_someone_else(data, command):
    if not Path(sys.executable).resolve().is_relative_to("/usr"):
        pytest.skip("an ordinary user cannot reach this Python")
    open_data_dir(data, new_as=Kind.DEMO)
    assert refused(command("--port", "0", prefix=ORDINARY), str(data), "不能写入")


def test_directory_with_other_things_in_it(data, command):
    data.mkdir(mode=0o711)
    (data / "thesis.txt").write_text("")
    assert refused(command("--port", "0"), "thesis.txt", "neither empty nor one of Huiyin's")


def test_directory_of_another_major_version(data, command):
    open_data_dir(data, new_as=Kind.DEMO)
    (data / "postgres").mkdir(mode=0o700)
    (data / "postgres" / "PG_VERSION").write_text("17\n")
    if os.geteuid() == 0:
        shutil.chown(data / "postgres", "nobody")
    assert refused(command("--port", "0"), "PostgreSQL 17", "manage backup", "manage restore", "--data")


def test_demo_directory_never_becomes_a_real_one(data, command):
    open_data_dir(data, new_as=Kind.DEMO)
    assert refused(command("--empty", "--port", "0"), "演示", "never become")


def test_lost_keys_are_not_made_anew(data, command):
    open_data_dir(data, new_as=Kind.REAL)
    (data / "keys" / "field_keys").unlink()
    assert refused(command("--port", "0"), "field_keys", "HUIYIN_FIELD_KEYS")
    assert not (data / "keys" / "field_keys").exists()


def test_marker_that_says_something_unknown(data, command):
    open_data_dir(data, new_as=Kind.REAL)
    (data / "huiyin-kind").write_text("staging\n")
    assert refused(command("--port", "0"), "staging")
