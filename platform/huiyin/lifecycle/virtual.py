"""Let time pass on a virtual clock: what falls due in between happens at its own moment."""

from __future__ import annotations

from datetime import datetime

from huiyin.core import time_source
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job


def pass_time(case_id: int, until: datetime) -> int:
    """Run the jobs of a case that fall due up to a moment, each at its own; returns how many."""
    count = 0
    while True:
        waiting = Job.objects.filter(
            subject_kind="case", subject_id=case_id, status__in=jobs.OPEN, due_at__lte=until
        )
        job = waiting.order_by("due_at", "id").values("pk", "due_at", "attempts").first()
        if job is None or job["attempts"]:
            return count
        with time_source.standing_at(job["due_at"]):
            jobs.run(job["pk"], now=job["due_at"])
        count += 1
