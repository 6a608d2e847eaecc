"""Files: photos and voice clips, staged first, then read by right of sight of their case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Seen
from api.negotiation import AsItIs
from api.shapes import AttachmentOut
from huiyin.cases.models import Case
from huiyin.files import media, services, serving
from huiyin.files.models import Attachment

LIMITS = {
    Attachment.Kind.PHOTO: media.MAX_PHOTO_BYTES,
    Attachment.Kind.VOICE: media.MAX_VOICE_BYTES,
    Attachment.Kind.SEALED: media.MAX_SEALED_BYTES,
    Attachment.Kind.SCAN: media.MAX_SEALED_BYTES,
}


class FileIn(In):
    """An upload."""

    kind = serializers.ChoiceField(Attachment.Kind.choices)
    file = serializers.FileField()


@extend_schema_view(retrieve=extend_schema(summary="What a file is"))
class FileViewSet(RetrieveModelMixin, Seen):
    """Photos and voice clips of cases; an upload that no case has taken yet is read by nobody."""

    model = Case
    serializer_class = AttachmentOut
    filterset_class = None
    pagination_class = None

    def narrow(self, seen: QuerySet[Case]) -> QuerySet[Any]:
        """The committed files of the visible cases."""
        committed = Attachment.objects.filter(subject_kind="case", committed_at__isnull=False)
        return committed.filter(subject_id__in=seen.values("pk"))

    def get_parsers(self) -> list[Any]:
        """Uploads are multipart; nothing else has a body."""
        return [MultiPartParser()]

    @extend_schema(
        summary="Stage a photo or a voice clip; name its id in an answer within a day",
        request={"multipart/form-data": FileIn},
        responses={201: AttachmentOut},
    )
    def create(self, request: Request) -> Response:
        """Keep an upload until a case takes it."""
        body = FileIn.checked(request)
        # One byte beyond the limit is enough to be refused; the rest need not be read.
        raw = body["file"].read(LIMITS[body["kind"]] + 1)
        staged = services.stage(kind=body["kind"], raw=raw, now=self.now)
        return Response(AttachmentOut(staged).data, status=201)

    @extend_schema(
        summary="The bytes of a file",
        parameters=[OpenApiParameter("size", str, enum=["full", "small"], default="full")],
        responses={
            (200, media_type): OpenApiTypes.BINARY
            for media_type in ("image/jpeg", "audio/*", "application/pdf")
        },
    )
    @action(detail=True, content_negotiation_class=AsItIs)
    def content(self, request: Request, **kwargs: object) -> FileResponse:
        """Send the bytes."""
        return serving.serve(self.get_object(), request.query_params.get("size", "full"))
