"""Kinds of jobs that exist only in a test, and rows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.jobs import registry, services
from huiyin.jobs.models import Job
from tests.conftest import at

NOON = at("2026-09-01T12:00")


@pytest.fixture
def kinds() -> Iterator[Callable[[str, Callable[..., None]], None]]:
    """Register kinds for one test."""
    before = dict(registry._handlers)

    def register(kind: str, handler: Callable[..., None]) -> None:
        registry.job(kind)(handler)

    yield register
    registry._handlers.clear()
    registry._handlers.update(before)


@pytest.fixture
def done(kinds) -> list[dict[str, Any]]:
    """What `test.note` was called with, in order."""
    calls: list[dict[str, Any]] = []
    kinds("test.note", lambda **args: calls.append(args))
    return calls


def enqueue(
    key: str,
    *,
    kind: str = "test.note",
    due: datetime = NOON,
    subject: int = 1,
    group: str = "",
    **args: Any,
) -> Job:
    """Write a row and return it."""
    services.enqueue(services.Work(kind, "case", subject, key, due, args, group))
    return Job.objects.get(key=key)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
