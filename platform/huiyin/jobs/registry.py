"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}


class UnknownJob(Exception):
    """No function is registered for this kind; decorate one with `@job("package.name")` in the package's `jobs.py`."""


def job(kind: str) -> Callable[[Handler], Handler]:
    """Register a function for a kind of job; it takes keyword ids and `**_`, and is safe to run twice."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def kinds() -> frozenset[str]:
    """Every kind that has a function."""
    return frozenset(_handlers)


def run(kind: str, args: dict[str, Any]) -> None:
    """
    Call the function of a kind.

    :raises UnknownJob: if there is none
    """
    if kind not in _handlers:
        raise UnknownJob(kind)
    _handlers[kind](**args)
