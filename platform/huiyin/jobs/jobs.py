"""The job table looks after itself."""

from huiyin.core import time_source
from huiyin.jobs import periodic
from huiyin.jobs.registry import job


@job("jobs.tidy")
def tidy(**_: object) -> None:
    """Delete rows that were done long ago."""
    periodic.tidy(now=time_source.now())
