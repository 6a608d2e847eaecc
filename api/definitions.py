"""Definitions: the published processes with their forms and diagrams."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed
from api.negotiation import AsItIs
from api.pagination import ByVersion
from api.tasks import FormOut, form_of
from huiyin.cases import runtime
from huiyin.definitions.models import Definition


class DefinitionFilter(filters.FilterSet):
    """Which definitions."""

    process = filters.CharFilter(help_text="Such as `matter`.")
    jurisdiction = filters.CharFilter(field_name="jurisdiction__code", help_text="A jurisdiction's code.")

    class Meta:
        model = Definition
        fields: tuple[str, ...] = ()


class DefinitionOut(serializers.Serializer):
    """A published version of a process."""

    id = serializers.CharField(source="public_id")
    jurisdiction = serializers.CharField(source="jurisdiction.code")
    process = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    digest = serializers.CharField(help_text="The hash of its diagram, forms and tables.")
    stages = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    published_at = serializers.DateTimeField()


class DefinitionDetailOut(DefinitionOut):
    """A published version with its forms."""

    forms = FormOut(many=True)


@extend_schema_view(
    list=extend_schema(summary="The published processes, newest versions first"),
    retrieve=extend_schema(summary="A published process with its forms", responses=DefinitionDetailOut),
)
class DefinitionViewSet(Listed):
    """How matters are handled; public to everyone who is signed in."""

    model = Definition
    serializer_class = DefinitionOut
    filterset_class = DefinitionFilter
    pagination_class = ByVersion

    def narrow(self, seen: QuerySet[Definition]) -> QuerySet[Definition]:
        """With the jurisdiction; the list leaves the documents where they are."""
        rows = seen.select_related("jurisdiction")
        return rows.defer("diagram", "forms", "tables") if self.action != "diagram" else rows

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A definition with its forms."""
        row = self.get_object()
        documents = runtime.of(row.pk).documents
        forms = [form_of(name, document) for name, document in documents.items()]
        return Response({**DefinitionOut(row).data, "forms": FormOut(forms, many=True).data})

    @extend_schema(summary="The diagram as BPMN 2.0", responses={(200, "application/xml"): OpenApiTypes.STR})
    @action(detail=True, content_negotiation_class=AsItIs)
    def diagram(self, request: Request, **kwargs: object) -> HttpResponse:
        """Send the diagram."""
        return HttpResponse(bytes(self.get_object().diagram), content_type="application/xml")
