"""What every resource stands on: who asks, what they may see, and the key of a request."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from huiyin.core import errors, time_source
from huiyin.directory.actors import PUBLIC, Actor, actor_of

KEY_LENGTH = 64
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "1 to 64 printable ASCII characters, chosen by the caller. "
        "The same key again is answered alike, and nothing is done twice."
    ),
)


class KeyMissing(errors.Invalid):
    """Send an Idempotency-Key header of 1 to 64 printable characters, so that a repeated request does nothing twice."""


class Seen(GenericViewSet):
    """A resource of rows; whatever it reads starts from what the actor may see."""

    model: type[Model]
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-z]{1,40}"

    @cached_property
    def actor(self) -> Actor:
        """The person whose token or session came with the request, with the posts held today."""
        if not self.request.user.is_authenticated:
            return PUBLIC
        return actor_of(self.request.user.person, self.today)

    @cached_property
    def now(self) -> datetime:
        """The moment of the request."""
        return time_source.now()

    @property
    def today(self) -> date:
        """The day of the request."""
        return time_source.day_of(self.now)

    def get_queryset(self) -> QuerySet[Any]:
        """The rows the actor may see. Never overridden (a test holds this): narrow them in :meth:`narrow`."""
        return self.narrow(self.model._default_manager.visible_to(self.actor))  # type: ignore[attr-defined]

    def narrow(self, seen: QuerySet[Any]) -> QuerySet[Any]:
        """What of the visible rows the resource shows, and what is read along with them."""
        return seen


class Listed(Seen):
    """A resource that has a list."""

    def present(self, row: Any) -> Any:
        """What the serializer is given for a row of a list."""
        return row

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Answer with one page of the list."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        shown = self.get_serializer([self.present(row) for row in page or ()], many=True)
        return self.get_paginated_response(shown.data)


class In(serializers.Serializer):
    """A request's body."""

    @classmethod
    def checked(cls, request: Request) -> dict[str, Any]:
        """
        The body, checked.

        :raises serializers.ValidationError: with the sentences per field
        """
        body = cls(data=request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class AnswersField(serializers.JSONField):
    """Answers to a form by field name; the form's JSON Schema says what each one is."""

    default_error_messages = {"not_an_object": serializers.DictField.default_error_messages["not_a_dict"]}

    def to_internal_value(self, data: Any) -> Any:
        """
        Accept an object; the form itself is checked by the service.

        :raises serializers.ValidationError: if it is anything else
        """
        if not isinstance(data, dict):
            self.fail("not_an_object", input_type=type(data).__name__)
        return super().to_internal_value(data)


def key_of(request: Request) -> str:
    """
    The request's Idempotency-Key; the quotes of the header's draft standard may be there or not.

    :raises KeyMissing: if it is missing, too long or not printable
    """
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        raise KeyMissing
    return key
