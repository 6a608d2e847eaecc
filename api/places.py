"""Places: the tree from the county down to the grid."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin

from api.base import Listed
from api.pagination import ByPath
from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place

UNDER = "A place's id; takes in all that lies in it."


def every_place(request: HttpRequest | None) -> QuerySet[Place]:
    """What a filter by place may name."""
    return Place.objects.visible_to(PUBLIC)


@extend_schema_field({"type": "string", "description": UNDER})
class UnderFilter(filters.ModelChoiceFilter):
    """Rows of a place and of all that lies in it; `field_name` leads to the row's place."""

    def __init__(self, field_name: str) -> None:
        super().__init__(
            field_name=field_name,
            queryset=every_place,
            to_field_name="public_id",
        )

    def filter(self, rows: QuerySet, place: Place | None) -> QuerySet:
        """Keep what lies in the place."""
        path = f"{self.field_name}__path" if self.field_name else "path"
        return rows if place is None else rows.filter(**{f"{path}__startswith": place.path})


class PlaceFilter(filters.FilterSet):
    """Which places."""

    parent = filters.CharFilter(
        field_name="parent__public_id", help_text="A place's id: what lies directly in it."
    )
    under = UnderFilter("")
    level = filters.ChoiceFilter(choices=Place.Level.choices)
    jurisdiction = filters.CharFilter(field_name="jurisdiction__code", help_text="A jurisdiction's code.")
    q = filters.CharFilter(method="by_name", help_text="Part of the name or of its pinyin.")

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()

    def by_name(self, places: QuerySet[Place], name: str, text: str) -> QuerySet[Place]:
        """Find by name."""
        return places.filter(Q(name__icontains=text) | Q(pinyin__icontains=text))


class PlaceOut(serializers.Serializer):
    """A place."""

    id = serializers.CharField(source="public_id")
    parent = serializers.CharField(source="parent.public_id", default=None, allow_null=True)
    level = serializers.ChoiceField(Place.Level.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()


@extend_schema_view(
    list=extend_schema(summary="Places as the tree goes down"), retrieve=extend_schema(summary="A place")
)
class PlaceViewSet(RetrieveModelMixin, Listed):
    """Places; public to everyone who is signed in."""

    model = Place
    serializer_class = PlaceOut
    filterset_class = PlaceFilter
    pagination_class = ByPath

    def narrow(self, seen: QuerySet[Place]) -> QuerySet[Place]:
        """With what it lies in."""
        return seen.select_related("parent")
