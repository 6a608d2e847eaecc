"""What Celery carries: "row N is due" and "look for due rows"; never the work itself."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from huiyin.core import time_source
from huiyin.jobs import periodic, services
from huiyin.jobs.models import Job

log = structlog.get_logger(__name__)


@shared_task(name="jobs.run", ignore_result=True)
def run_row(job_id: int) -> None:
    """Run a row if nobody did."""
    services.run(job_id, now=time_source.now())


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> None:
    """Plan periodic work and hand due rows to the workers; finds whatever a lost message left behind."""
    periodic.plan(now=time_source.now())
    for job_id in services.claim(now=time_source.now(), limit=500):
        run_row.delay(job_id)


#: After the broker did not answer, it is left alone this long: nobody's page waits for it again and again.
LEFT_ALONE = 15.0
_away_since: float | None = None


def wake(keys: Sequence[str]) -> None:
    """Tell the workers of rows that are due now; without a broker the next sweep finds them."""
    global _away_since
    if _away_since is not None and time.monotonic() - _away_since < LEFT_ALONE:
        return
    due = Job.objects.filter(key__in=keys, status=Job.Status.WAITING).values_list("pk", flat=True)
    try:
        for job_id in due:
            run_row.apply_async((job_id,), retry=False)
        _away_since = None
    except OperationalError:
        _away_since = time.monotonic()
        log.warning("broker_away", rows=len(keys))
