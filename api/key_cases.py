"""Key cases (重点督办): what the 主任会议 chose, with its plan and its report."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Listed
from api.pagination import Keyset
from huiyin.cases.models import Case
from huiyin.congress import services
from huiyin.congress.models import KeyCase

STATES = {
    "open": (Q(delisted_on=None, reported_on=None), "on the list and not reported"),
    "reported": (Q(reported_on__isnull=False), "with its report"),
    "off": (Q(delisted_on__isnull=False), "taken off the list"),
}


class ByListing(Keyset):
    """Listed last, first."""

    order = ("-id",)


class KeyCaseFilter(filters.FilterSet):
    """Which key cases."""

    state = filters.ChoiceFilter(
        choices=[(name, words) for name, (_which, words) in STATES.items()],
        method="by_state",
        help_text="; ".join(f"`{name}`: {words}" for name, (_which, words) in STATES.items()),
    )
    case = filters.CharFilter(field_name="case__public_id", help_text="A case's id.")

    class Meta:
        model = KeyCase
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[KeyCase], name: str, state: str) -> QuerySet[KeyCase]:
        """What has become of them."""
        return rows.filter(STATES[state][0])


class KeyCaseOut(serializers.Serializer):
    """A case on the key list."""

    id = serializers.CharField(source="public_id")
    case = serializers.CharField(source="case.public_id")
    case_number = serializers.CharField(source="case.number")
    case_title = serializers.CharField(source="case.title")
    listed_on = serializers.DateField(help_text="The day of the decision.")
    decision = serializers.CharField(help_text="The meeting that decided.")
    leader = serializers.CharField(help_text="Who leads (领办领导), by name.")
    committee = serializers.CharField()
    plan = serializers.CharField()
    plan_on = serializers.DateField(allow_null=True)
    report = serializers.CharField()
    reported_on = serializers.DateField(allow_null=True)
    delisted_on = serializers.DateField(allow_null=True)
    delisted_reason = serializers.CharField()


class ListKeyCaseIn(In):
    """The decision that puts a case on the list."""

    case = serializers.CharField(max_length=16, help_text="A case's id.")
    decision = serializers.CharField(max_length=200)
    leader = serializers.CharField(max_length=60)
    committee = serializers.CharField(max_length=100, allow_blank=True, default="")
    on = serializers.DateField(help_text="The day of the decision.")


class PlanIn(In):
    """The plan."""

    plan = serializers.CharField(max_length=20000)
    on = serializers.DateField()


class ReportIn(In):
    """The report."""

    report = serializers.CharField(max_length=20000)
    on = serializers.DateField()


class DelistIn(In):
    """Why it is taken off."""

    reason = serializers.CharField(max_length=500)
    on = serializers.DateField()


@extend_schema_view(
    list=extend_schema(summary="The key cases one may see, listed last, first"),
    retrieve=extend_schema(summary="A key case"),
)
class KeyCaseViewSet(RetrieveModelMixin, Listed):
    """The key list."""

    model = KeyCase
    serializer_class = KeyCaseOut
    filterset_class = KeyCaseFilter
    pagination_class = ByListing

    def narrow(self, seen: QuerySet[KeyCase]) -> QuerySet[KeyCase]:
        """With their case."""
        return seen.select_related("case")

    @extend_schema(
        summary="Put a case on the key list (重点督办)", request=ListKeyCaseIn, responses={201: KeyCaseOut}
    )
    def create(self, request: Request) -> Response:
        """List a case. No key: who repeats it is told `listed_already`."""
        body = ListKeyCaseIn.checked(request)
        case = get_object_or_404(Case.objects.visible_to(self.actor), public_id=body.pop("case"))
        row = services.list_key_case(case=case, by=self.actor, now=self.now, **body)
        return Response(KeyCaseOut(row).data, status=201)

    @extend_schema(summary="Write or replace the plan", request=PlanIn, responses=KeyCaseOut)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, **kwargs: object) -> Response:
        """Write the plan."""
        body = PlanIn.checked(request)
        services.plan_key_case(key_case=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(KeyCaseOut(self.get_object()).data)

    @extend_schema(summary="Write the report", request=ReportIn, responses=KeyCaseOut)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, **kwargs: object) -> Response:
        """Write the report."""
        body = ReportIn.checked(request)
        services.report_key_case(key_case=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(KeyCaseOut(self.get_object()).data)

    @extend_schema(summary="Take a case off the key list", request=DelistIn, responses=KeyCaseOut)
    @action(detail=True, methods=["post"])
    def delist(self, request: Request, **kwargs: object) -> Response:
        """Take it off."""
        body = DelistIn.checked(request)
        services.delist_key_case(key_case=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(KeyCaseOut(self.get_object()).data)
