"""Units: departments, 科室, offices, stations."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin

from api.base import Listed
from api.pagination import ByName
from api.places import UnderFilter
from huiyin.directory.models import Unit


class UnitFilter(filters.FilterSet):
    """Which units."""

    kind = filters.ChoiceFilter(choices=Unit.Kind.choices)
    place = UnderFilter("place")
    parent = filters.CharFilter(field_name="parent__public_id", help_text="A unit's id: its sections.")
    handles = filters.BooleanFilter(method="by_handling", help_text="Can be handed a matter, or not.")
    q = filters.CharFilter(method="by_name", help_text="Part of the name or of its pinyin.")

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ()

    def by_handling(self, units: QuerySet[Unit], name: str, handles: bool) -> QuerySet[Unit]:
        """Units to which a matter can be handed over."""
        handling = Unit.objects.that_handle().values("pk")
        return units.filter(pk__in=handling) if handles else units.exclude(pk__in=handling)

    def by_name(self, units: QuerySet[Unit], name: str, text: str) -> QuerySet[Unit]:
        """Find by name."""
        return units.filter(Q(name__icontains=text) | Q(pinyin__icontains=text))


class UnitOut(serializers.Serializer):
    """A unit."""

    id = serializers.CharField(source="public_id")
    parent = serializers.CharField(source="parent.public_id", default=None, allow_null=True)
    kind = serializers.ChoiceField(Unit.Kind.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    place = serializers.CharField(source="place.public_id")
    place_name = serializers.CharField(source="place.full_name")
    telephone = serializers.CharField()


@extend_schema_view(list=extend_schema(summary="Units by name"), retrieve=extend_schema(summary="A unit"))
class UnitViewSet(RetrieveModelMixin, Listed):
    """Units; public to everyone who is signed in."""

    model = Unit
    serializer_class = UnitOut
    filterset_class = UnitFilter
    pagination_class = ByName

    def narrow(self, seen: QuerySet[Unit]) -> QuerySet[Unit]:
        """With its place and what it belongs to."""
        return seen.select_related("parent", "place")
