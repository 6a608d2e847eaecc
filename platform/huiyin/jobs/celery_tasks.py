"""What Celery carries: "row N is due" and "look for due rows"; never the work itself."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

import structlog
from celery import shared_task
from celery.signals import task_prerun
from django.db import close_old_connections
from kombu.exceptions import OperationalError

from huiyin.core import time_source
from huiyin.jobs import periodic, services
from huiyin.jobs.models import Job

log = structlog.get_logger(__name__)


@task_prerun.connect
def mend_connection(**_: object) -> None:
    """
    Let go of a connection that the database has dropped.

    Celery closes it only after CELERY_DB_REUSE_MAX tasks, and until then every one of them would fail.
    """
    close_old_connections()


@shared_task(name="jobs.run", ignore_result=True)
def run_row(key: str) -> None:
    """Run a row if nobody did."""
    job_id = Job.objects.filter(key=key, status=Job.Status.WAITING).values_list("pk", flat=True).first()
    if job_id is not None:
        services.run(job_id, now=time_source.now())


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> None:
    """Plan periodic work and hand due rows to the workers; finds whatever a lost message left behind."""
    periodic.plan(now=time_source.now())
    ids = services.claim(now=time_source.now(), limit=500)
    for key in Job.objects.filter(pk__in=ids).order_by("due_at", "id").values_list("key", flat=True):
        run_row.delay(key)


#: After the broker did not answer, it is left alone this long.
LEFT_ALONE = 15.0


class Teller(threading.Thread):
    """
    Tells the broker, one thread a process, so that no request ever waits for it.

    What it cannot tell is dropped: the row is the truth, and the next sweep finds it.
    """

    def __init__(self) -> None:
        super().__init__(name="huiyin-teller", daemon=True)
        self.keys: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run(self) -> None:
        """Send what is put into the queue, for as long as the process lives."""
        away_since = -LEFT_ALONE
        while True:
            key = self.keys.get()
            if time.monotonic() - away_since < LEFT_ALONE:
                continue
            try:
                run_row.apply_async((key,), retry=False)
            except OperationalError:
                away_since = time.monotonic()
                log.warning("broker_away")
            except Exception as error:
                # Without this thread every row of the process would wait for a sweep, and nobody would see it.
                log.error("teller_failed", error=type(error).__name__)


_teller: Teller | None = None
_making = threading.Lock()


def wake(keys: Sequence[str]) -> None:
    """Let the workers be told of rows that are due now; never waits, whatever the broker does."""
    global _teller
    with _making:
        # Made where it is first needed: a thread does not survive the fork of a server's workers.
        if _teller is None or not _teller.is_alive():
            _teller = Teller()
            _teller.start()
    for key in keys:
        _teller.keys.put(key)
