"""The API's description: the committed openapi.yaml, and what is added to every operation of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api.negotiation import AsItIs
from api.problems import CONTENT_TYPE

COMMITTED = Path(__file__).parent / "openapi.yaml"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The kind of problem, in words."},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": "The kind of problem, for programs: `task_moved`, `answers_rejected`, …",
        },
        "detail": {"type": "string", "description": "The sentence for the person."},
        "problems": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "One sentence per field that needs to be corrected.",
        },
    },
}


@extend_schema(exclude=True)
class SchemaView(APIView):
    """The description as it is committed; a test holds that it is what the code says."""

    authentication_classes = ()
    permission_classes = ()
    content_negotiation_class = AsItIs

    def get(self, request: Request) -> FileResponse:
        """Send openapi.yaml."""
        return FileResponse(COMMITTED.open("rb"), content_type="application/yaml")


def add_problems(result: dict[str, Any], **_context: object) -> dict[str, Any]:
    """Say of every operation that what it refuses is a problem document (a hook of drf-spectacular)."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["description"] = operation.get("description", "").partition("\n\n:raises")[0].strip()
            operation["responses"]["default"] = {"description": "A refusal or an error.", "content": content}
    return result
