"""The demo's own pages: become one of its people in one click, and the guided tour. Not there in a real installation."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huiyin.directory.models import Account
from huiyin.web import tour

#: What a browser keeps when its visitor becomes somebody else: the matters it reported, and where the tour stands.
KEPT = ("followed", "sent", tour.KEY)


@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people; without a name, be a citizen again."""
    _only_in_a_demo()
    name = request.POST.get("account", "")
    account = get_object_or_404(tour.accounts(), username=name) if name else None
    _change(request, account)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else reverse("tasks" if account else "home"))


@require_POST
def take_tour(request: HttpRequest) -> HttpResponse:
    """Begin a tour, or end it."""
    _only_in_a_demo()
    if request.POST.get("act") == "end":
        request.session.pop(tour.KEY, None)
        return redirect("home")
    if request.POST.get("act") == tour.SUGGESTION and (deputy := tour.demo_deputy()):
        _change(request, deputy)
        tour.begin(request, tour.SUGGESTION)
        return redirect("start", kind=tour.SUGGESTION)
    _change(request, None)
    tour.begin(request, tour.MATTER)
    place = tour.place_to_report_in()
    return redirect("report", place_id=place.public_id) if place else redirect("choose_place")


def _change(request: HttpRequest, account: Account | None) -> None:
    kept = {key: request.session[key] for key in KEPT if key in request.session}
    if account is None:
        auth.logout(request)
    else:
        auth.login(request, account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.update(kept)


def _only_in_a_demo() -> None:
    if not settings.DEMO:
        raise Http404
