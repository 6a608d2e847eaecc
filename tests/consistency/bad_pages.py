"""Views with and without sight, for the rule of sight to look at."""

from __future__ import annotations

from typing import Any

from huiyin.cases.models import Case
from huiyin.supervision import selectors


def blind(request: Any) -> Any:
    return Case.objects.get(pk=1)


def seeing(request: Any) -> Any:
    return Case.objects.visible_to(request.actor)


def _find(request: Any) -> Any:
    return Case.objects.visible_to(request.actor).first()


def helped(request: Any) -> Any:
    return _find(request)


def selected(request: Any) -> Any:
    return selectors.overdue(request.actor, request.today)


class BlindEndpoint:
    def get(self, request: Any) -> Any:
        return Case.objects.all()


class _Seeing:
    def get_queryset(self, request: Any) -> Any:
        return Case.objects.visible_to(request.actor)


class SeeingEndpoint(_Seeing):
    """Inherits its sight."""


class OverridingEndpoint(_Seeing):
    def get_queryset(self, request: Any) -> Any:
        return Case.objects.all()
