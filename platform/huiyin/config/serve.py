"""The platform in one process: pages and API, the job loop, and a PostgreSQL that is kept alive."""

import errno
import io
import multiprocessing
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from waitress.server import create_server

from huiyin.config import embedded, interrupts, keeper, locks, rehearsal
from huiyin.config.datadir import Kind
from huiyin.config.refusal import CannotStart, say

THREADS = 8
MAX_PORT = 65_535
JOB_LOOP_STOP_SECONDS = 3.0
MAX_BODY_BYTES = 100 * 1024 * 1024


def serve(*, port: int, listen: str, only: Kind | None) -> int:
    """
    Start everything, serve until asked to stop, stop everything; return the exit status.

    :raises CannotStart: if something on this machine stands in the way
    """
    data = embedded.open_data(new_as=only, only=only)
    # Libraries look for modules in the current folder, and where we were started is nobody's business.
    os.chdir(data)
    with _only_one(data, _url(listen, port)), _bound(listen, port) as door, embedded.joined() as server:
        watch = keeper.Keeper(server) if server else None
        if watch:
            watch.start()
        try:
            _prepare()
            _serve(door, _url(listen, port), data)
        finally:
            interrupts.ignore()
            if watch:
                watch.stop()
            connections.close_all()
        failed = watch is not None and watch.failed
    _drop_what_lingers(1 if failed else 0)
    return 1 if failed else 0


@contextmanager
def _only_one(data: Path, url: str) -> Iterator[None]:
    lock = locks.FileLock(data / ".serving.lock")
    try:
        if not lock.try_exclusive():
            where = lock.read()
            raise CannotStart(
                f"回音已在运行：{where}（数据目录 {data}）。",
                f"Huiyin is already running at {where} with this data directory.",
            )
        lock.write(f"{url} (pid {os.getpid()})")
        yield
    finally:
        lock.close()


@contextmanager
def _bound(listen: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is started, so that a taken one costs no time."""
    if not 0 <= port <= MAX_PORT:
        raise _cannot_listen(listen, port, f"0–{MAX_PORT}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            listen, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        door = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(listen, port, str(error)) from error
    with door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(address)
            # Bound is not taken: two may be bound to a port until one of them listens.
            door.listen(128)
        except OSError as error:
            raise _cannot_listen(listen, port, error.strerror or "", error.errno) from error
        yield door


def _cannot_listen(listen: str, port: int, why: str, number: int | None = None) -> CannotStart:
    if number == errno.EADDRINUSE:
        return CannotStart(
            f"端口 {port} 已被占用，请用 --port 指定另一个。",
            f"Port {port} is taken; choose another with --port.",
        )
    return CannotStart(
        f"不能在 {listen}:{port} 上提供服务（{why}）。", f"Cannot listen on {listen} port {port} ({why})."
    )


def _prepare() -> None:
    """Check, migrate, publish, seed: each does nothing where nothing is to be done."""
    django.setup()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        why = str(error).strip().splitlines()[-1]
        raise CannotStart(f"连接不上数据库（{why}）。", "Cannot connect to the database.") from error
    try:
        call_command("check", databases=["default"], stdout=io.StringIO())
    except CommandError as error:
        raise CannotStart(f"系统检查没有通过：{error}", "The system checks failed.") from error
    if _is_migration_due():
        _migrate()
    call_command("publish_shipped")
    if embedded.is_demo():
        call_command("seed_demo")
        call_command("publish_demo")


def _is_migration_due() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _migrate() -> None:
    # An index over a large table takes longer than any page may.
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


def _serve(door: socket.socket, url: str, data: Path) -> None:
    # These need Django to be set up.
    from huiyin.config.wsgi import application
    from huiyin.jobs.loop import JobLoop

    loops = [JobLoop(), JobLoop(outside=True)]
    server = create_server(
        application,
        sockets=[door],
        threads=THREADS,
        max_request_body_size=MAX_BODY_BYTES,
        ident="huiyin",
    )
    for loop in loops:
        loop.start()
    session = rehearsal.Rehearsal(data)
    try:
        if embedded.is_demo():
            session.start()
        say(f"回音已启动 / Huiyin is running: {url}")
        say("Ctrl-C 停止 / stops it")
        server.run()
    finally:
        interrupts.ignore()
        say("正在停止…… / Stopping…")
        session.stop()
        for loop in loops:
            loop.stop(JOB_LOOP_STOP_SECONDS)


def _drop_what_lingers(status: int) -> None:
    """A thread that does not end must not keep the stopped platform from ending."""
    lingering = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    if all(thread.daemon for thread in lingering):
        return
    for child in multiprocessing.active_children():
        child.terminate()
    say(f"未结束的线程 / Threads that did not end: {', '.join(thread.name for thread in lingering)}")
    sys.stderr.flush()
    os._exit(status)


def _url(listen: str, port: int) -> str:
    return f"http://[{listen}]:{port}/" if ":" in listen else f"http://{listen}:{port}/"
