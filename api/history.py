"""The history of a case in plain words."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Seen
from huiyin.cases import present
from huiyin.cases.models import Case


class EntryOut(serializers.Serializer):
    """One line: when, in words, and the head of its hash."""

    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()
    hash = serializers.CharField()


class HistoryViewSet(Seen):
    """What happened to a case, the whole chain."""

    model = Case
    serializer_class = EntryOut
    pagination_class = None
    filterset_class = None

    @extend_schema(summary="What happened to a case, newest first", responses=EntryOut(many=True))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Every line; someone without a post does not read the office's internal ones."""
        entries = present.entries_of(self.get_object(), self.actor)
        return Response(self.get_serializer(entries, many=True).data)
