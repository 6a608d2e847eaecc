"""
The embedded PostgreSQL of one data directory, shared by every process that uses the directory.

Two locks tell the truth whatever was killed: every user holds `.users.lock` shared, and the server and all
its backends hold `.alive.lock`, inherited from the process that started them. The last user stops it.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import psycopg

from huiyin.config import account, binaries, cluster, datadir, interrupts, locks, paths
from huiyin.config.refusal import CannotStart

START_SECONDS = 120.0
ADOPT_SECONDS = 20.0
LOST_SECONDS = 0.5
# Together with the pages' 5 s and the job loop's 3 s they stay below the promised 15.
FAST_STOP_SECONDS = 4.0
QUICK_STOP_SECONDS = 1.0
POLL_SECONDS = 0.02
LOG_LIMIT_BYTES = 10_000_000
# A scratch server may forget everything in a power cut, and is about twice as fast for it.
UNSAFE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "wal_level=minimal",
)


class Postgres:
    """The server of one data directory, and this process's use of it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.home = data / cluster.HOME
        self.sockets = paths.socket_dir(data)
        self.alive_path = data / ".alive.lock"
        self._users: locks.FileLock | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def join(self) -> None:
        """
        Become a user of the server; start it if nobody has.

        :raises CannotStart: if it cannot run here
        """
        with self._gate():
            self._users = locks.FileLock(self.data / ".users.lock")
            self._users.try_shared()
            try:
                self._ensure_running()
            except BaseException:
                interrupts.ignore()
                self._leave()
                raise

    def leave(self) -> None:
        """Stop using the server; the last user stops it."""
        with self._gate():
            self._leave()

    def revive(self) -> bool:
        """
        Start the server again if it has died under us; return whether it had.

        :raises CannotStart: if it cannot run any more
        """
        if self.is_running():
            return False
        with self._gate():
            return self._ensure_running()

    def is_running(self) -> bool:
        """Tell whether the server or what is left of it holds the lock that it was born with."""
        if self._child is not None:
            self._child.poll()
        return locks.is_held(self.alive_path)

    def answers(self) -> bool:
        """Tell whether the server takes a connection and is of the version we would start."""
        try:
            with cluster.connect(self.sockets, cluster.SUPERUSER, "postgres") as connection:
                found = connection.info.server_version
        except psycopg.OperationalError:
            return False
        wanted = [int(part) for part in binaries.version().split(".")[:2]]
        return found == wanted[0] * 10_000 + wanted[1]

    def _gate(self) -> AbstractContextManager[None]:
        return locks.gate(self.data / datadir.GATE, seconds=datadir.GATE_SECONDS)

    def _leave(self) -> None:
        if self._users is None:
            return
        self._users.release()
        if self._users.try_exclusive():
            self._stop()
        self._users.close()
        self._users = None

    def _ensure_running(self) -> bool:
        """Start the server unless it runs, and finish its set-up; return whether it had to be started."""
        started = not self._adopt()
        if started:
            user = account.for_cluster(self.home)
            programs = binaries.folder_for(user)
            cluster.refuse_other_major(self.home)
            durable = datadir.read_kind(self.data) is not datadir.Kind.SCRATCH
            with self._birth_lock() as alive:
                cluster.make(self.home, programs, user, durable=durable, alive=alive)
            self._start(programs, user, durable=durable)
        # Also for an adopted one: whoever started it may have been killed before this.
        if not cluster.is_set_up(self.data):
            cluster.set_up(self.data, self.sockets)
        return started

    def _adopt(self) -> bool:
        """Take the server that runs already; stop it if it is half dead, of an older release, or lost."""
        if not self.is_running():
            return False
        if self._wait_until_it_answers(LOST_SECONDS if self._is_lost() else ADOPT_SECONDS):
            return True
        self._stop()
        return False

    def _start(self, programs: Path, user: pwd.struct_passwd, *, durable: bool) -> None:
        self._make_socket_dir(user)
        self._forget_stale_pid()
        hba, ident = cluster.write_access_rules(self.data, user)
        settings = [
            "listen_addresses=",
            f'unix_socket_directories="{self.sockets}"',
            "unix_socket_permissions=0777",
            f"hba_file={hba}",
            f"ident_file={ident}",
            *(() if durable else UNSAFE),
        ]
        if not durable:
            settings.append("max_wal_senders=0")
        command = [programs / "postgres", "-D", self.home, "-p", "5432"]
        for setting in settings:
            command += ["-c", setting]
        try:
            with self._birth_lock() as alive, self._open_log() as log:
                self._child = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.home,
                    env=cluster.clean_environment(),
                    pass_fds=[alive],
                    # Ctrl-C at the terminal is for us; we stop the server when its users are done.
                    start_new_session=True,
                    umask=0o077,
                    **account.switch(user),
                )
        except PermissionError as error:
            raise cluster.unreachable(self.home, user, error) from error
        if not self._wait_until_it_answers(START_SECONDS):
            self._stop()
            raise self._failed()

    @contextmanager
    def _birth_lock(self) -> Iterator[int]:
        """Hold the lock that what we start inherits; it is free when the last process of that is gone."""
        lock = locks.FileLock(self.alive_path)
        try:
            if not lock.try_exclusive():
                raise CannotStart(
                    f"{self.alive_path} 仍被占用，PostgreSQL 无法启动，请稍后再试。",
                    "A PostgreSQL still holds this lock; try again in a moment.",
                )
            yield lock.fileno()
        finally:
            lock.close()

    def _wait_until_it_answers(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.is_running():
            if self.answers():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _stop(self) -> None:
        """Stop the server, politely at first; return when no process of it is left."""
        for number, seconds in ((signal.SIGINT, FAST_STOP_SECONDS), (signal.SIGQUIT, QUICK_STOP_SECONDS)):
            if not self.is_running():
                return
            self._signal_postmaster(number)
            if self._wait_until_gone(seconds):
                return
        for pid in self._holders():
            os.kill(pid, signal.SIGKILL)
        if not self._wait_until_gone(QUICK_STOP_SECONDS):
            raise CannotStart(
                f"PostgreSQL（{self.home}）无法停止，请检查其进程。",
                "PostgreSQL does not stop; look at its processes.",
            )

    def _wait_until_gone(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        if self._child is not None:
            self._child.wait()
            self._child = None
        return True

    def _signal_postmaster(self, number: signal.Signals) -> None:
        pid = self._written_pid()
        # The pid may be from before a crash and now be somebody else's: only one that holds our lock is ours.
        if pid in self._holders():
            os.kill(pid, number)
        elif self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)

    def _is_lost(self) -> bool:
        """Tell whether the server is up and its socket was swept away, so that nobody can reach it."""
        try:
            ready = "ready" in (self.home / "postmaster.pid").read_text()
        except FileNotFoundError:
            return False
        return ready and not (self.sockets / paths.SOCKET_NAME).exists()

    def _written_pid(self) -> int:
        try:
            return int((self.home / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return 0

    def _holders(self) -> list[int]:
        """Return the processes that have the server's lock file open, other than ourselves."""
        wanted = self.alive_path.stat()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                opened = [descriptor.stat() for descriptor in (entry / "fd").iterdir()]
            except OSError:
                continue
            if any((one.st_dev, one.st_ino) == (wanted.st_dev, wanted.st_ino) for one in opened):
                found.append(int(entry.name))
        return found

    def _forget_stale_pid(self) -> None:
        """
        Remove the pid files of a crashed server.

        PostgreSQL would refuse to start while that number is a zombie's or, as easily happens in a container,
        any other process's. We know better: nobody holds the lock. Only a server started by hand holds none;
        its files stay. Like every server it stands in its data directory.
        """
        pid = self._written_pid()
        try:
            by_hand = Path(f"/proc/{pid}/cwd").readlink() == self.home.resolve()
        except OSError:
            by_hand = False
        if not by_hand:
            (self.home / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / f"{paths.SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _make_socket_dir(self, user: pwd.struct_passwd) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if self.sockets.is_symlink() or found.st_uid not in (os.geteuid(), user.pw_uid):
            raise CannotStart(
                f"{self.sockets} 属于另一个用户，请用 --data 指定路径较短的数据目录。",
                "This folder belongs to someone else; name a data directory with a shorter path.",
            )
        os.chown(self.sockets, user.pw_uid, user.pw_gid)

    def _open_log(self) -> BinaryIO:
        path = self.data / "postgres.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.rename(path.with_suffix(".log.1"))
        return open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")

    def _failed(self) -> CannotStart:
        log = self.data / "postgres.log"
        lines = log.read_text(errors="replace").splitlines()
        why = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")
        return CannotStart(
            f"PostgreSQL 没有启动，原因见 {log}：{why}", "PostgreSQL did not start; the log says why."
        )
