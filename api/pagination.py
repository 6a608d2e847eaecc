"""
Lists go on by cursor.

A cursor says after which row to go on, by the values the list is ordered by, and not how many rows to leave out: rows that
come or go meanwhile shift nothing. REST framework's own cursor compares one column and counts the rows that share its value,
which loses rows after a null and stops at a thousand equal ones; work lists have both (no due date, many due on one day).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from huiyin.core import errors


class CursorUnknown(errors.Invalid):
    """This cursor does not belong to this list. Start again without one."""


class Keyset(BasePagination):
    """Pages in the order of `order`, whose last field must tell any two rows apart; empty values come last."""

    order: tuple[str, ...]
    page_size = 50
    max_page_size = 200

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """
        One page, and whether more follow.

        :raises CursorUnknown: if the cursor was not given out by this list
        """
        size = self._size(request)
        ordered = queryset.order_by(*(_expression(name) for name in self.order))
        if cursor := request.query_params.get("cursor"):
            ordered = ordered.filter(after(queryset.model, self.order, self._read(cursor, queryset)))
        rows = list(ordered[: size + 1])
        page = rows[:size]
        self.next: str | None = None
        if len(rows) > size:
            self.next = replace_query_param(request.build_absolute_uri(), "cursor", self._cursor(page[-1]))
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """The page, and the address of the following one."""
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page in OpenAPI."""
        following = {
            "type": "string",
            "nullable": True,
            "format": "uri",
            "description": "The following page; null at the end.",
        }
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The query parameters in OpenAPI."""
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": "From `next`.",
            },
            {"name": "page_size", "in": "query", "required": False, "schema": size},
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", "")
        return (
            min(max(int(asked), 1), self.max_page_size)
            if asked.isdecimal() and len(asked) < 6
            else self.page_size
        )

    def _cursor(self, row: Any) -> str:
        values = [getattr(row, name.lstrip("-")) for name in self.order]
        return signing.dumps([None if value is None else _text(value) for value in values], salt=self._salt)

    def _read(self, cursor: str, queryset: QuerySet[Any]) -> list[Any]:
        try:
            texts = signing.loads(cursor, salt=self._salt)
        except signing.BadSignature as error:
            raise CursorUnknown from error
        fields = [queryset.model._meta.get_field(name.lstrip("-")) for name in self.order]
        return [
            None if text is None else field.to_python(text) for field, text in zip(fields, texts, strict=True)
        ]

    @property
    def _salt(self) -> str:
        return f"api.cursor.{type(self).__name__}"


def after(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """The condition on rows that stand after the row with `values`: beyond it in the first field, or equal and so on."""
    (name, *names), (value, *others) = order, values
    field, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    nullable = model._meta.get_field(field).null
    if value is None:
        # Nothing is beyond an empty value: such rows come last.
        return Q(**{f"{field}__isnull": True}) & after(model, names, others)
    beyond = Q(**{f"{field}__{way}": value})
    if names:
        beyond |= Q(**{field: value}) & after(model, names, others)
    if nullable:
        return beyond | Q(**{f"{field}__isnull": True})
    # Says nothing new, but says it so that an index on the field can be entered at the right place.
    return Q(**{f"{field}__{way}e": value}) & beyond


def _expression(name: str) -> OrderBy:
    """Empty values last; a descending field is never empty, and says nothing of nulls, so that its index is used."""
    return F(name.lstrip("-")).desc() if name.startswith("-") else F(name).asc(nulls_last=True)


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class ByNewest(Keyset):
    """Received last, first."""

    order = ("-received_at", "-public_id")


class ByDue(Keyset):
    """Due first, the order of every work list; what has no due date comes last."""

    order = ("due_on", "opened_at", "public_id")


class ByMoment(Keyset):
    """Written first, first."""

    order = ("at", "public_id")


class ByPath(Keyset):
    """Places as the tree goes down."""

    order = ("path",)


class ByName(Keyset):
    """By pinyin."""

    order = ("pinyin", "public_id")


class ByVersion(Keyset):
    """By process, newest version first."""

    order = ("process", "-version", "public_id")
