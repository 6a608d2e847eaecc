"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]
#: Done before the row's transaction; gives arguments for the handler.
Before = Callable[..., dict[str, Any]]
_handlers: dict[str, Handler] = {}
_before: dict[str, Before] = {}


class UnknownJob(Exception):
    """No function is registered for this kind; decorate one with `@job("package.name")` in the package's `jobs.py`."""


def job(kind: str, before: Before | None = None) -> Callable[[Handler], Handler]:
    """
    Register a function for a kind of job; it takes keyword ids and `**_`, and is safe to run twice.

    :param before: called first, outside of any transaction, where something is sent; what it gives is handed to the function
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if before is not None:
            _before[kind] = before
        return handler

    return register


def kinds() -> frozenset[str]:
    """Every kind that has a function."""
    return frozenset(_handlers)


def outside_kinds() -> frozenset[str]:
    """Kinds that send something first and so may take long."""
    return frozenset(_before)


def prepare(kind: str, args: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a row, with what its kind does before the transaction."""
    return {**args, **_before[kind](**args)} if kind in _before else args


def run(kind: str, args: dict[str, Any]) -> None:
    """
    Call the function of a kind.

    :raises UnknownJob: if there is none
    """
    if kind not in _handlers:
        raise UnknownJob(kind)
    _handlers[kind](**args)
