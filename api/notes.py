"""Progress notes: a unit's reports with words and photos."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import shapes
from api.base import AnswersField, In, Seen
from api.pagination import ByMoment
from huiyin.cases import services
from huiyin.cases.models import Case, ProgressNote, Task
from huiyin.files.models import Attachment


class ProgressIn(In):
    """Answers to the form `progress` of the case's definition."""

    answers = AnswersField()


class NoteViewSet(Seen):
    """The notes of a case, oldest first."""

    model = ProgressNote
    serializer_class = shapes.NoteOut
    pagination_class = ByMoment

    def narrow(self, seen: QuerySet[ProgressNote]) -> QuerySet[ProgressNote]:
        """Those of the case in the address."""
        case_id = self.kwargs.get("case_id")
        return seen.filter(case__public_id=case_id).select_related("by", "unit")

    @extend_schema(summary="The progress notes of a case, oldest first")
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The notes of a case; 404 for a case that the actor may not see."""
        case = get_object_or_404(Case.objects.visible_to(self.actor), public_id=kwargs["case_id"])
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(
            self.get_serializer(_with_photos(case, page or ()), many=True).data
        )


def _with_photos(case: Case, notes: Iterable[ProgressNote]) -> list[tuple[ProgressNote, list[Attachment]]]:
    parts = {f"note:{note.pk}": note for note in notes}
    photos: dict[str, list[Attachment]] = {}
    attached = Attachment.objects.filter(subject_kind="case", subject_id=case.pk, part__in=parts)
    for found in attached.order_by("id"):
        photos.setdefault(found.part, []).append(found)
    return [(note, photos.get(part, [])) for part, note in parts.items()]


class ProgressViewSet(Seen):
    """Progress on a task."""

    model = Task
    filterset_class = None
    pagination_class = None

    @extend_schema(summary="Report progress; the task stays open", request=ProgressIn, responses={204: None})
    def create(self, request: Request, **kwargs: object) -> Response:
        """Write a note."""
        task = self.get_object()
        services.add_progress(task=task, by=self.actor, now=self.now, **ProgressIn.checked(request))
        return Response(status=204)


class ContactIn(In):
    """Answers to the form `contact` of the case's definition."""

    answers = AnswersField()


class ContactRecordViewSet(Seen):
    """Contacts with the asker, recorded at a task."""

    model = Task
    filterset_class = None
    pagination_class = None

    @extend_schema(
        summary="Record a contact with the asker; the task stays open",
        request=ContactIn,
        responses={204: None},
    )
    def create(self, request: Request, **kwargs: object) -> Response:
        """Write a contact; the same words again are no second one."""
        task = self.get_object()
        services.add_contact(task=task, by=self.actor, now=self.now, **ContactIn.checked(request))
        return Response(status=204)
