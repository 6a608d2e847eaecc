"""What Celery carries: "row N is due" and "look for due rows"; never the work itself."""

from __future__ import annotations

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


def wake(keys: Sequence[str]) -> None:
    """Tell the workers of rows that are due now; without a broker the next sweep finds them."""
    try:
        for job_id in Job.objects.filter(key__in=keys, status=Job.Status.WAITING).values_list(
            "pk", flat=True
        ):
            run_row.apply_async((job_id,), retry=False)
    except OperationalError:
        log.warning("broker_away", rows=len(keys))
