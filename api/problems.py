"""Errors as application/problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from huiyin.core import errors

CONTENT_TYPE = "application/problem+json"


def handle(error: Exception, context: dict[str, Any]) -> Response | JsonResponse | None:
    """Turn a refusal or an error of the framework into a problem; anything else stays a 500."""
    if isinstance(error, errors.Refusal):
        return problem(error.status, error.code, error.sentence, problems=getattr(error, "problems", None))
    if isinstance(error, Http404):
        return problem(404, "not_found", "没有找到，或您无权查看。")
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed", "您无权进行此操作。")
    if isinstance(error, exceptions.ValidationError):
        return problem(422, "invalid", "提交的内容需要更正。", problems=error.get_full_details())
    if isinstance(error, exceptions.APIException):
        response = problem(error.status_code, str(error.default_code), str(error.detail))
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            response["WWW-Authenticate"] = getattr(error, "auth_header", "Token")
        return response
    return None


def problem(status: int, code: str, sentence: str, problems: Any = None) -> JsonResponse:
    """One problem document: `type`, `title`, `status`, and per-field `problems` where there are any."""
    body: dict[str, Any] = {"type": f"urn:huiyin:{code}", "title": sentence, "status": status}
    if problems:
        body["problems"] = problems
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
