"""Locks on files of the data directory. The kernel frees them when their holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huiyin.config.refusal import CannotStart

POLL_SECONDS = 0.05


class FileLock:
    """An flock on a file that stays; open for as long as this object lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Not for others: whoever may open it may hold it.
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")

    def try_exclusive(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self._file.close()

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self) -> str:
        self._file.seek(0)
        return self._file.read().strip()

    def write(self, text: str) -> None:
        """Replace what the lock's file says about its holder."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def _try(self, mode: int) -> bool:
        try:
            fcntl.flock(self._file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def gate(path: Path, *, seconds: float) -> Iterator[None]:
    """
    Let one process at a time through.

    :raises CannotStart: if another one stays in it for `seconds`
    """
    lock = FileLock(path)
    deadline = time.monotonic() + seconds
    try:
        while not lock.try_exclusive():
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"另一个回音进程正在启动或停止（{path}），等了 {seconds:.0f} 秒，请稍后再试。",
                    f"Another Huiyin is still starting or stopping after {seconds:.0f} s; try again later.",
                )
            time.sleep(POLL_SECONDS)
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Tell whether any process holds this file's lock exclusively."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_shared()
    finally:
        lock.close()
