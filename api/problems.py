"""
Errors as application/problem+json (RFC 9457).

`type` and `code` name the kind of problem, `title` says what kind it is and never changes, `detail` is the sentence for the
person, `problems` has one sentence per field that needs to be corrected.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from huiyin.core import errors

CONTENT_TYPE = "application/problem+json"

#: status -> what kind of problem it is, in words for a person
TITLES: dict[int, Promise] = {
    400: _("请求的内容无法读取"),
    401: _("请先登录"),
    403: _("您无权进行此操作"),
    404: _("没有找到，或您无权查看"),
    405: _("这个地址不接受这种请求"),
    406: _("无法以所要求的格式作答"),
    409: _("情况已有变化，请重新查看"),
    413: _("请求的内容太大"),
    415: _("请求的内容格式不受支持"),
    422: _("提交的内容需要更正"),
    429: _("请求过于频繁，请稍后再试"),
    500: _("系统出了点问题，您的操作没有完成，也没有留下一半"),
    503: _("系统暂时无法保存，请过半分钟再提交一次"),
}


def handle(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """Turn a refusal or an error of the framework into a problem; anything else is a bug and stays a 500."""
    if isinstance(error, errors.Refusal):
        return problem(error.status, code_of(error), error.sentence, getattr(error, "problems", None))
    if isinstance(error, Http404):
        return problem(404, "not_found")
    if isinstance(error, PermissionDenied):
        return problem(403, "not_allowed")
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large")
    if isinstance(error, SuspiciousOperation):
        return problem(400, "malformed")
    if isinstance(error, exceptions.ValidationError):
        return problem(422, "invalid", problems=flat(error.detail))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> JsonResponse:
    response = problem(error.status_code, str(error.default_code), str(error.detail))
    if error.status_code == 401:
        response["WWW-Authenticate"] = getattr(error, "auth_header", "Token")
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait))
    return response


def problem(status: int, code: str, detail: str = "", problems: dict[str, str] | None = None) -> JsonResponse:
    """One problem document."""
    title = str(TITLES.get(status, TITLES[400]))
    body: dict[str, Any] = {"type": f"urn:huiyin:{code}", "title": title, "status": status, "code": code}
    body["detail"] = detail or title
    if problems:
        body["problems"] = problems
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def internal() -> JsonResponse:
    """A bug of ours: nothing about it is told, nothing of the request was kept."""
    return problem(500, "internal")


def unavailable() -> JsonResponse:
    """The database is away or the disk is full: nothing was done, and the same request with the same key is safe."""
    return problem(503, "unavailable")


def code_of(refusal: errors.Refusal) -> str:
    """The refusal's own code, else its name: TaskMoved is `task_moved`, NotACosigner is `not_a_cosigner`."""
    own = vars(type(refusal)).get("code")
    return str(own or re.sub(r"(?<=.)(?=[A-Z])", "_", type(refusal).__name__).lower())


def flat(detail: Any, path: str = "") -> dict[str, str]:
    """The first sentence per field, nested fields joined by dots; what belongs to no field stands under ''."""
    if isinstance(detail, dict):
        found: dict[str, str] = {}
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            found |= flat(inner, ".".join(part for part in (path, own) if part))
        return found
    if isinstance(detail, list):
        if detail and not isinstance(detail[0], str):
            return {
                name: text
                for number, inner in enumerate(detail)
                for name, text in flat(inner, f"{path}.{number}").items()
            }
        return {path: str(detail[0])} if detail else {}
    return {path: str(detail)}


@method_decorator(csrf_exempt, name="dispatch")
class NoSuchAddress(View):
    """What stands below the API's addresses: a problem, and not the site's page."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        """Say that there is nothing, and how addresses end."""
        hint = "" if request.path.endswith("/") else _("没有这个地址。接口的地址都以“/”结尾。")
        return problem(404, "not_found", str(hint))
