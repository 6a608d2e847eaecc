"""Acts beside the tasks: what an asker, a deputy and the offices do to a case whatever it waits for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import AnswersField, In, Seen
from api.round_shapes import AssignmentOut, ContactOut
from huiyin.cases import services
from huiyin.cases.models import Assignment, Case, Contact


class TranscriptionField(AnswersField):
    """How words came that an office enters for somebody (代录): answers to the form `transcription` of the process."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", "For an office that enters what came on paper or by telephone (代录).")
        super().__init__(required=False, **more)


class UrgeIn(In):
    """What the one who urges says."""

    words = serializers.CharField(max_length=500)


class WithdrawIn(In):
    """Why a matter is taken back."""

    reason = serializers.CharField(max_length=200)
    transcription = TranscriptionField()


class VisitIn(In):
    """Answers to the form `visit` of the case's definition."""

    answers = AnswersField()


class ConfirmIn(In):
    """Whether a contact took place."""

    happened = serializers.BooleanField()
    transcription = TranscriptionField()


class ReassignIn(In):
    """To whom a part is given, and why."""

    unit = serializers.CharField(max_length=16, help_text="A unit's id.")
    reason = serializers.CharField(max_length=500)


class CaseActs(Seen):
    """What is done to a case as a whole."""

    model = Case

    @extend_schema(summary="Press for delivery (催办)", request=UrgeIn, responses={204: None})
    @action(detail=True, methods=["post"])
    def urge(self, request: Request, **kwargs: object) -> Response:
        """Urge."""
        services.urge_case(case=self.get_object(), by=self.actor, now=self.now, **UrgeIn.checked(request))
        return Response(status=204)

    @extend_schema(
        summary="Take a matter back before it is answered (撤回)", request=WithdrawIn, responses={204: None}
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: object) -> Response:
        """Withdraw, as the one who asked or with the letter that came. Said twice, the second is refused."""
        body = WithdrawIn.checked(request)
        services.withdraw_case(case=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(status=204)

    @extend_schema(
        summary="Write down what was seen on the spot (视察)", request=VisitIn, responses={204: None}
    )
    @action(detail=True, methods=["post"])
    def visits(self, request: Request, **kwargs: object) -> Response:
        """Write down a visit. No key: the same words on one day are one visit."""
        body = VisitIn.checked(request)
        services.add_visit(case=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(status=204)


class ContactViewSet(Seen):
    """What units say of their contacts with those who asked."""

    model = Contact

    def narrow(self, seen: QuerySet[Contact]) -> QuerySet[Contact]:
        """With who wrote it."""
        return seen.select_related("by", "unit")

    @extend_schema(summary="Say whether a contact took place", request=ConfirmIn, responses=ContactOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **kwargs: object) -> Response:
        """Confirm or deny it, as the one who asked or follows, or with the letter that came. The same word again is one."""
        body = ConfirmIn.checked(request)
        services.confirm_contact(contact=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(ContactOut(self.get_object()).data)


class AssignmentViewSet(Seen):
    """The parts that units have in cases."""

    model = Assignment

    def narrow(self, seen: QuerySet[Assignment]) -> QuerySet[Assignment]:
        """With their unit."""
        return seen.select_related("unit")

    @extend_schema(
        summary="Give a part to another unit (调整承办单位)", request=ReassignIn, responses=AssignmentOut
    )
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, **kwargs: object) -> Response:
        """Re-assign. Said twice, the second is told that the unit has a part already."""
        body = ReassignIn.checked(request)
        part, unit = self.get_object(), body.pop("unit")
        services.reassign(assignment=part, unit_id=unit, by=self.actor, now=self.now, **body)
        return Response(AssignmentOut(self.get_object()).data)
