"""Sessions: when a congress meets, and the time between its meetings."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin

from api.base import Listed
from api.pagination import Keyset
from huiyin.congress.models import Session


class ByOpening(Keyset):
    """Opened last, first."""

    order = ("-opens_on", "-public_id")


class SessionFilter(filters.FilterSet):
    """Which sessions."""

    place = filters.CharFilter(field_name="place__public_id", help_text="The place whose congress meets.")
    meeting = filters.BooleanFilter(
        field_name="number", lookup_expr="isnull", exclude=True, help_text="Meetings, or the times between."
    )

    class Meta:
        model = Session
        fields: tuple[str, ...] = ()


class SessionOut(serializers.Serializer):
    """A session; the time between meetings has no number."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    term = serializers.IntegerField(source="term.number", help_text="届.")
    place = serializers.CharField(source="place.public_id")
    place_name = serializers.CharField(source="place.full_name")
    opens_on = serializers.DateField()
    closes_on = serializers.DateField(allow_null=True)
    deadline_at = serializers.DateTimeField(
        allow_null=True, help_text="What comes later belongs to no meeting."
    )


@extend_schema_view(
    list=extend_schema(summary="Sessions, newest first"), retrieve=extend_schema(summary="A session")
)
class SessionViewSet(RetrieveModelMixin, Listed):
    """Sessions; public to everyone who is signed in."""

    model = Session
    serializer_class = SessionOut
    filterset_class = SessionFilter
    pagination_class = ByOpening

    def narrow(self, seen: QuerySet[Session]) -> QuerySet[Session]:
        """With their congress and term."""
        return seen.select_related("place", "term")
