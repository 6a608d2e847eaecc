"""A process that can't go on: the case stays as it was, and somebody is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from huiyin import engine
from huiyin.cases import errors
from huiyin.jobs import services as jobs


@contextmanager
def becomes_incident(*, case_id: int, what: str, step_id: str, now: datetime) -> Iterator[None]:
    """
    Stand outside the transaction of a service: when the engine fails, the transaction is rolled back, and only the incident
    is written, in a transaction of its own.

    :raises StepFailed: in place of the engine's error
    """
    try:
        yield
    except (engine.Broken, engine.Overrun) as error:
        incident = jobs.open_incident(
            subject_kind="case", subject_id=case_id, what=what, step_id=step_id, error=str(error), now=now
        )
        raise errors.StepFailed(incident=incident.public_id) from error
