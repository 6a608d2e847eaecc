"""Every address of the site: pages, the API, the language switch."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views import defaults

from api import problems
from huiyin.config import unavailable

urlpatterns = [
    path("", include("huiyin.web.urls")),
    path("api/v1/", include("api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """More was sent than is read: people get a page, programs the bare answer."""
    if request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return render(request, "400.html", status=400)


def handler500(request: HttpRequest) -> HttpResponse:
    """A database that is away or a full disk: the words are kept. A bug: programs get a problem document, people the page."""
    if unavailable.is_away(sys.exc_info()[1]):
        return unavailable.answer(request)
    return problems.internal() if request.path.startswith("/api/") else defaults.server_error(request)
