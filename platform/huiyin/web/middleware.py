"""Who is asking, and how a refusal looks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.functional import SimpleLazyObject
from django.views.defaults import page_not_found

from huiyin.core import errors, time_source
from huiyin.directory.actors import PUBLIC, Actor, actor_of

GetResponse = Callable[[HttpRequest], HttpResponse]


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return PUBLIC
    return actor_of(request.user.person, time_source.today())


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _page_above(path: str) -> str:
    """The nearest address above one that is known."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return path


class ActorMiddleware:
    """Give each request its actor: the signed-in person with the posts held today."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor; it is read from the database when a view first asks."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class CleanAddressMiddleware:
    """
    Answer an address with a NUL in it as not found: no row has one, and PostgreSQL refuses to look for it.

    A posted text loses its NULs, and the names of such fields are kept as `request.unclean`, so that the page can say it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what was sent before anything else does; the API says it in its own way."""
        if _is_api(request):
            return self.get_response(request)
        has_nul = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul:
            return page_not_found(request, Http404())
        posted = request.POST.lists() if request.method == "POST" else ()
        unclean = frozenset(name for name, values in posted if any("\0" in value for value in values))
        if unclean:
            clean = request.POST.copy()
            for name in unclean:
                clean.setlist(name, [value.replace("\0", "") for value in clean.getlist(name)])
            request.POST = clean
        request.unclean = unclean  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalMiddleware:
    """Show a refusal that no page has answered itself as a page with its sentence and its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; whoever looks at an address that only acts (a reload after a refusal) comes to the page above it."""
        response = self.get_response(request)
        if response.status_code == 405 and request.method in ("GET", "HEAD") and not _is_api(request):
            return redirect(_page_above(request.path))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn one of the three refusals into a page; anything else stays a 500."""
        if isinstance(exception, errors.Refusal):
            return render(
                request, "web/refusal.html", {"sentence": exception.sentence}, status=exception.status
            )
        return None
