"""Commitments: what units promised; the unit reports, the mover rates."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Listed
from api.pagination import Keyset
from huiyin.cases.models import Rating
from huiyin.congress import services
from huiyin.congress.models import Commitment
from huiyin.core import time_source

STATES = {
    "ahead": "not due yet",
    "late": "past its day and not reported as kept",
    "kept": "waits for the mover's rating",
    "done": "kept and rated",
}


class ByDay(Keyset):
    """Due first, first."""

    order = ("due_on", "public_id")


class CommitmentFilter(filters.FilterSet):
    """Which commitments."""

    state = filters.ChoiceFilter(
        choices=list(STATES.items()),
        method="by_state",
        help_text="; ".join(f"`{name}`: {words}" for name, words in STATES.items()),
    )
    unit = filters.CharFilter(field_name="unit__public_id", help_text="A unit's id.")
    case = filters.CharFilter(field_name="case__public_id", help_text="A case's id.")

    class Meta:
        model = Commitment
        fields: tuple[str, ...] = ()

    def by_state(self, commitments: QuerySet[Commitment], name: str, state: str) -> QuerySet[Commitment]:
        """What has become of them by today."""
        today = time_source.today()
        conditions = {
            "ahead": Q(kept_at__isnull=True, closed_at__isnull=True, due_on__gte=today),
            "late": Q(kept_at__isnull=True, closed_at__isnull=True, due_on__lt=today),
            "kept": Q(kept_at__isnull=False, closed_at__isnull=True),
            "done": Q(closed_at__isnull=False),
        }
        return commitments.filter(conditions[state])


class CommitmentOut(serializers.Serializer):
    """A promise with its day, and what has become of it."""

    id = serializers.CharField(source="public_id")
    case = serializers.CharField(source="case.public_id")
    case_number = serializers.CharField(source="case.number")
    unit = serializers.CharField(source="unit.public_id")
    unit_name = serializers.CharField(source="unit.name")
    text = serializers.CharField()
    made_on = serializers.DateField()
    due_on = serializers.DateField()
    round = serializers.IntegerField(help_text="Counts how often it was to be kept.")
    kept_at = serializers.DateTimeField(allow_null=True)
    kept_words = serializers.CharField()
    rated_at = serializers.DateTimeField(allow_null=True)
    rating = serializers.CharField(
        help_text="`satisfied`, `basic`, `dissatisfied`; empty before it is rated."
    )
    rating_words = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class KeptIn(In):
    """How the promise was kept."""

    words = serializers.CharField(max_length=2000)


class RateIn(In):
    """How content the mover is."""

    result = serializers.ChoiceField(Rating.Scale.choices)
    words = serializers.CharField(
        max_length=2000, allow_blank=True, default="", help_text="Required of the dissatisfied."
    )


@extend_schema_view(
    list=extend_schema(summary="The commitments one may see, due first"),
    retrieve=extend_schema(summary="A commitment"),
)
class CommitmentViewSet(RetrieveModelMixin, Listed):
    """The ledger of commitments."""

    model = Commitment
    serializer_class = CommitmentOut
    filterset_class = CommitmentFilter
    pagination_class = ByDay

    def narrow(self, seen: QuerySet[Commitment]) -> QuerySet[Commitment]:
        """With their case and unit."""
        return seen.select_related("case", "unit")

    @extend_schema(summary="The unit reports it as kept", request=KeptIn, responses=CommitmentOut)
    @action(detail=True, methods=["post"], url_path="report-kept")
    def report_kept(self, request: Request, **kwargs: object) -> Response:
        """Say how it was kept; the mover is asked to rate it. Said twice, the second is refused."""
        body = KeptIn.checked(request)
        services.report_kept(commitment=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(CommitmentOut(self.get_object()).data)

    @extend_schema(summary="The mover rates it", request=RateIn, responses=CommitmentOut)
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, **kwargs: object) -> Response:
        """Satisfied or basic closes it, dissatisfied opens it again in its next round."""
        body = RateIn.checked(request)
        services.rate_commitment(commitment=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(CommitmentOut(self.get_object()).data)
