"""Watches the embedded PostgreSQL of a running platform and starts it again when it dies."""

import os
import signal
import threading
import time

from huiyin.config.postgres import Postgres
from huiyin.config.refusal import CannotStart, say

LOOK_SECONDS = 0.5
# A server that dies this often in a minute will not be helped by yet another start.
MOST_REVIVALS = 5
WINDOW_SECONDS = 60.0


class Keeper:
    """A thread that revives the server, and stops the platform with a sentence when that is no use."""

    def __init__(self, server: Postgres) -> None:
        self.failed = False
        self._server = server
        self._done = threading.Event()
        self._revived_at: list[float] = []
        self._thread = threading.Thread(target=self._watch, name="postgres-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            try:
                if self._server.revive():
                    self._count_revival()
            # Whatever it is, a platform without its database must not stay up as if nothing were wrong.
            except Exception as error:
                self.failed = True
                say(f"数据库无法恢复，平台停止。 / The database cannot be revived; stopping. {error}")
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def _count_revival(self) -> None:
        say("数据库进程意外退出，已重新启动。 / The database died and was started again.")
        now = time.monotonic()
        self._revived_at = [moment for moment in self._revived_at if now - moment < WINDOW_SECONDS] + [now]
        if len(self._revived_at) > MOST_REVIVALS:
            raise CannotStart(
                "数据库反复退出，请查看 postgres.log。", "The database keeps dying; see postgres.log."
            )
