"""Every address of the site: pages, the API, the language switch."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import defaults

from api import problems

urlpatterns = [
    path("", include("huiyin.web.urls")),
    path("api/v1/", include("api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """A bug: programs get a problem document, people the page."""
    return problems.internal() if request.path.startswith("/api/") else defaults.server_error(request)
