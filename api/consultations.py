"""加签 and 传阅: what colleagues ask of me, and my word."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Listed
from api.pagination import ByMoment
from huiyin.cases import services
from huiyin.cases.models import Consultation


class ConsultationOut(serializers.Serializer):
    """A request, and what came of it."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(Consultation.Kind.choices)
    case = serializers.CharField(source="case.public_id")
    number = serializers.CharField(source="case.number")
    title = serializers.CharField(source="case.title")
    task = serializers.CharField(source="task.public_id")
    task_name = serializers.CharField(source="task.name")
    round = serializers.IntegerField()
    by = serializers.CharField(source="by.name")
    to = serializers.CharField(source="to.name")
    at = serializers.DateTimeField()
    question = serializers.CharField()
    waits = serializers.BooleanField(source="is_waiting", help_text="It can still be answered or withdrawn.")
    answered_at = serializers.DateTimeField(allow_null=True)
    agrees = serializers.BooleanField(allow_null=True, help_text="Of an opinion alone.")
    answer = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class AnswerConsultationIn(In):
    """The opinion, or the word that it was read."""

    agrees = serializers.BooleanField(
        allow_null=True,
        default=None,
        help_text="Required of an opinion, null of what was passed for reading.",
    )
    words = serializers.CharField(
        max_length=2000, allow_blank=True, default="", help_text="Required of an opinion that disagrees."
    )


@extend_schema_view(
    list=extend_schema(summary="What colleagues ask of me and I have not answered, oldest first"),
    retrieve=extend_schema(summary="A request to sign or to read"),
)
class ConsultationViewSet(RetrieveModelMixin, Listed):
    """Requests to sign (加签) and to read (传阅)."""

    model = Consultation
    serializer_class = ConsultationOut
    filterset_class = None
    pagination_class = ByMoment

    def narrow(self, seen: QuerySet[Consultation]) -> QuerySet[Consultation]:
        """The list holds what waits for the actor."""
        rows = seen.select_related("case", "task", "by", "to")
        return rows.asked_of(self.actor) if self.action == "list" else rows  # type: ignore[attr-defined]

    @extend_schema(
        summary="Give the opinion, or mark as read", request=AnswerConsultationIn, responses=ConsultationOut
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **kwargs: object) -> Response:
        """Answer; an opinion that disagrees blocks nothing."""
        body = AnswerConsultationIn.checked(request)
        services.answer_consultation(consultation=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(ConsultationOut(self.get_object()).data)

    @extend_schema(summary="Take a request back", request=None, responses=ConsultationOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: object) -> Response:
        """Withdraw; by the one who asked, or by whoever works on the task now."""
        services.withdraw_consultation(consultation=self.get_object(), by=self.actor, now=self.now)
        return Response(ConsultationOut(self.get_object()).data)
