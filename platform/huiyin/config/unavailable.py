"""
What a person meets while the database is away or the disk is full: a sentence, and every word kept for another try.

Nothing here asks the database: the page must come when nothing else does.
"""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from api import problems

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
RETRY_SECONDS = 30
#: Never written into a page.
SECRET = frozenset({"csrfmiddlewaretoken", "password"})


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database or the disk cannot take anything now: no bug, and over some time later."""
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return True
    return isinstance(error, OperationalError | InterfaceError)


def answer(request: HttpRequest) -> HttpResponse:
    """503: for programs a problem document, for people a page from which the same form is sent again."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = problems.unavailable()
    else:
        context = {"fields": _typed(request), "path": request.get_full_path(), "token": get_token(request)}
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the form, field by field; files are chosen again."""
    if request.method != "POST":
        return []
    try:
        posted = request.POST.lists()
    except (RawPostDataException, OSError):
        return []  # the body was not read to its end, so there is nothing that could be sent again
    return [(name, value) for name, values in posted if name not in SECRET for value in values]
