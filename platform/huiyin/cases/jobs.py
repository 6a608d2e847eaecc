"""Work of cases that is due at a moment."""

from huiyin.cases import services
from huiyin.cases.models import Clock
from huiyin.core import time_source
from huiyin.jobs.registry import job


@job("cases.fire_mark")
def fire_mark(*, clock_id: int, mark: str, **_: object) -> None:
    """Let a deadline's mark take effect; safe to run twice."""
    services.fire_mark(clock=Clock.objects.get(pk=clock_id), mark=mark, now=time_source.now())
