"""The embedded worker: a thread that claims rows until it is told to stop."""

from __future__ import annotations

import threading
import traceback

import structlog
from django.db import close_old_connections, connection
from django.db.utils import InterfaceError, OperationalError

from huiyin.core import time_source
from huiyin.jobs import periodic, services

log = structlog.get_logger(__name__)


class JobLoop(threading.Thread):
    """
    Claim and run due rows, and look after periodic work, every `pause` seconds.

    :param outside: run the rows that send something first, and only those: they wait for others, and nothing waits for them
    """

    def __init__(self, pause: float = 1.0, *, outside: bool = False) -> None:
        super().__init__(name="huiyin-outside" if outside else "huiyin-jobs", daemon=True)
        self.pause, self._outside = pause, outside
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until stopped; a database that is away makes the loop wait, not end."""
        while not self._stopping.is_set():
            try:
                close_old_connections()
                periodic.plan(now=time_source.now())
                while services.run_due(
                    now=time_source.now(),
                    limit=1 if self._outside else 20,  # a lease outlasts one call, not twenty
                    outside=self._outside,
                    stopping=self._stopping.is_set,
                ):
                    pass
            except (OperationalError, InterfaceError):
                log.warning("jobs_wait_for_database")
                connection.close()
            except Exception as error:
                # Without this thread nothing is ever done again, and nobody would see it.
                log.error(
                    "jobs_loop_failed",
                    error=type(error).__name__,
                    frames=traceback.format_tb(error.__traceback__),
                )
                connection.close()
            self._stopping.wait(self.pause)
        connection.close()

    def stop(self, timeout: float = 10.0) -> None:
        """Let the row in hand finish, then end."""
        self._stopping.set()
        if self.is_alive():
            self.join(timeout)
