"""Let time pass on a virtual clock: what falls due in between happens at its own moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from huiyin.cases import connectors
from huiyin.core import time_source
from huiyin.jobs import services as jobs
from huiyin.jobs.models import Job

NOTHING_SAID: Mapping[str, str] = MappingProxyType({})


def pass_time(case_id: int, until: datetime, answers: Mapping[str, str] = NOTHING_SAID) -> int:
    """
    Run the jobs of a case that fall due up to a moment, each at its own; returns how many.

    :param answers: what services outside answer, by step: none of them is called
    """
    count = 0
    while True:
        waiting = Job.objects.filter(
            subject_kind="case", subject_id=case_id, status__in=jobs.OPEN, due_at__lte=until
        )
        job = waiting.order_by("due_at", "id").values("pk", "due_at", "attempts").first()
        if job is None or job["attempts"]:
            return count
        with time_source.standing_at(job["due_at"]), connectors.rehearsing(answers):
            jobs.run(job["pk"], now=job["due_at"])
        count += 1
