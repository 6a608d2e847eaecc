"""Cases: the matters one may see, receiving one for somebody else, moving one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.acts import CaseActs, TranscriptionField
from api.base import KEY_HEADER, AnswersField, In, Listed, key_of
from api.case_shapes import CaseDetailOut, CaseOut, ReceivedOut
from api.pagination import ByNewest
from api.places import UnderFilter
from api.signatures import CaseSigning
from huiyin.cases import errors as case_errors
from huiyin.cases import present, services, texts
from huiyin.cases.models import Case
from huiyin.cases.present.badges import status_badge
from huiyin.cases.searching import found_by
from huiyin.congress import present as congress
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Person, Place


class KindUnknown(errors.Invalid):
    """No process of this kind is published for this place."""


class CaseFilter(filters.FilterSet):
    """Which cases."""

    kind = filters.CharFilter(help_text="The process, such as `matter`.")
    number = filters.CharFilter(help_text="The whole number.")
    place = UnderFilter("place")
    open = filters.BooleanFilter(
        field_name="closed_at", lookup_expr="isnull", help_text="Being handled, or closed."
    )
    round = filters.NumberFilter(help_text="1, or more when it was handled again.")
    received_on = filters.DateFromToRangeFilter(help_text="First and last day.")
    q = filters.CharFilter(
        method="by_words",
        help_text="Part of title, number or place; or the day of receipt.",
    )

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def by_words(self, cases: QuerySet[Case], name: str, text: str) -> QuerySet[Case]:
        """Find by title, number, place or day."""
        return found_by(cases, text)


class StartCaseIn(In):
    """A matter reported for somebody else, moved by the caller by virtue of the own post, or sent by a deputy on paper."""

    kind = serializers.SlugField(max_length=60, help_text="The process, such as `matter`.")
    place = serializers.CharField(max_length=16, help_text="A place's id.")
    answers = AnswersField(help_text="Answers to the form of the start event.")
    received_at = serializers.DateTimeField(required=False, help_text="If it was received earlier than now.")
    mover = serializers.CharField(
        max_length=16, required=False, help_text="The id of the deputy whose paper is entered."
    )
    transcription = TranscriptionField(
        help_text="How it came on paper or by telephone (代录); `received_at` follows from it."
    )

    def validate_received_at(self, moment: datetime) -> datetime:
        """
        What has not been received yet cannot be reported.

        :raises serializers.ValidationError: for a moment to come
        """
        if moment > time_source.now():
            raise serializers.ValidationError(_("收到的时间不能晚于现在。"))
        return moment

    def validate(self, body: dict[str, Any]) -> dict[str, Any]:
        """
        Whoever names a mover says how the paper came.

        :raises serializers.ValidationError: if it is not said
        """
        if "mover" in body and "transcription" not in body:
            raise serializers.ValidationError({"transcription": _("请写明来件怎样、何时收到。")})
        return body


@extend_schema_view(
    list=extend_schema(summary="The cases one may see, newest first"),
    retrieve=extend_schema(
        summary="A case with its rounds, its deadlines and whose turn it is", responses=CaseDetailOut
    ),
)
class CaseViewSet(CaseActs, CaseSigning, Listed):
    """Matters."""

    model = Case
    serializer_class = CaseOut
    filterset_class = CaseFilter
    pagination_class = ByNewest

    def narrow(self, seen: QuerySet[Case]) -> QuerySet[Case]:
        """With what is shown of it."""
        if self.action == "list":
            return seen.select_related("place", "definition")
        return seen.select_related("place", "definition", "reporter", "deputy", "text", "merged_into")

    def present(self, row: Case) -> dict[str, Any]:
        """The row and its state in words."""
        return {"case": row, "status": status_badge(row)}

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A case."""
        row = self.get_object()
        shown = vars(present.case(row, self.actor)) | {
            "clocks": present.clocks_of(row, self.today),
            "turns": present.waiting_on(row, self.today),
            "signing": congress.signing_of(row, self.actor, self.today),
            "text_hash": texts.text_hash(row),
        }
        return Response(CaseDetailOut(shown).data)

    @extend_schema(
        summary="Receive a matter for somebody else, move one as a deputy, or enter one that came on paper",
        request=StartCaseIn,
        responses={201: ReceivedOut},
        parameters=[KEY_HEADER],
    )
    def create(self, request: Request) -> Response:
        """
        Receive a matter. The answer tells its number alone: whoever records it may not be one of those who see it.

        What only certain posts may start (a suggestion, a bill) is moved by the caller himself.

        :raises PlaceUnknown: if there is no such place
        :raises KindUnknown: if the place has no such process
        """
        key, body = key_of(request), StartCaseIn.checked(request)
        place = Place.objects.visible_to(self.actor).filter(public_id=body.pop("place")).first()
        if place is None:
            raise case_errors.PlaceUnknown
        found = Definition.objects.visible_to(self.actor).newest(place.jurisdiction, body.pop("kind")).first()
        if found is None:
            raise KindUnknown
        if not found.starters:
            self.actor.require("case.start_for_others")
        case = services.start_case(
            definition=found,
            place=place,
            by=self.actor,
            now=self.now,
            **self._asker(found, place, body),
            source_key=f"api:{request.user.person.public_id}:{key}",
            **body,
        )
        return Response(ReceivedOut(case).data, status=201)

    def _asker(self, found: Definition, place: Place, body: dict[str, Any]) -> dict[str, Any]:
        """
        Who asks, and through whom: the mover of the own matter, a deputy by paper, or a citizen by a counter.

        :raises MoverUnknown: if a deputy is named for what citizens ask
        """
        mover, on_paper = body.pop("mover", None), "transcription" in body
        if not found.starters:
            if mover is not None:
                raise case_errors.MoverUnknown
            by_office = on_paper and self.actor.may("case.transcribe_deputy", place)
            return {"source": Case.Source.OFFICE if by_office else Case.Source.STATION}
        if not on_paper:
            return {"source": Case.Source.WEB, "asker": self.actor.person}
        people = Person.objects.filter(jurisdiction=found.jurisdiction_id, public_id=mover)
        return {"source": Case.Source.OFFICE, "asker": people.first()}
