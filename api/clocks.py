"""Deadlines: the congress office extends one, or lets it stand still for a while."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Seen
from api.case_shapes import ClockOut
from huiyin.cases import present, services
from huiyin.cases.models import Clock


class ExtendIn(In):
    """The new day, and why."""

    to = serializers.DateField(help_text="Later than it is due now.")
    reason = serializers.CharField(max_length=500)


class PauseIn(In):
    """Why it stands still."""

    reason = serializers.CharField(max_length=500)


class ClockViewSet(Seen):
    """Deadlines of cases. No keys: whoever repeats an act is told how the deadline stands."""

    model = Clock

    def narrow(self, seen: QuerySet[Clock]) -> QuerySet[Clock]:
        """With their case."""
        return seen.select_related("case")

    @extend_schema(summary="Extend a deadline (延期)", request=ExtendIn, responses=ClockOut)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, **kwargs: object) -> Response:
        """Extend it; its reason is told to whoever asks why the day is this one."""
        clock, body = self.get_object(), ExtendIn.checked(request)
        services.extend_clock(clock=clock, by=self.actor, now=self.now, **body)
        return self._shown(clock)

    @extend_schema(summary="Let a deadline stand still", request=PauseIn, responses=ClockOut)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, **kwargs: object) -> Response:
        """Pause it; nobody is late with it until it goes on."""
        clock, body = self.get_object(), PauseIn.checked(request)
        services.pause_clock(clock=clock, by=self.actor, now=self.now, **body)
        return self._shown(clock)

    @extend_schema(summary="Let a deadline go on", request=None, responses=ClockOut)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **kwargs: object) -> Response:
        """Resume it; its day moves by the days of the pause."""
        clock = self.get_object()
        services.resume_clock(clock=clock, by=self.actor, now=self.now)
        return self._shown(clock)

    def _shown(self, clock: Clock) -> Response:
        views = present.clocks_of(clock.case, self.today)
        return Response(ClockOut(next(view for view in views if view.id == clock.public_id)).data)
