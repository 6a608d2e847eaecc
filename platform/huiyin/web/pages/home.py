"""The door: report, follow, sign in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from huiyin.core import time_source
from huiyin.directory.actors import actor_of
from huiyin.directory.models import Account, Post
from huiyin.web import tour
from huiyin.web.templatetags.web import post_names


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead a citizen to the form, and someone signed in to the day's work; a demo's people can be changed here."""
    if request.user.is_authenticated and not settings.DEMO:
        return redirect("tasks")
    return render(request, "web/home.html", {"people": _people() if settings.DEMO else None})


def _people() -> list[tuple[Account, str, str]]:
    """(account, roles, where) of the people that a visitor of the demo can be."""
    today = time_source.today()
    rows: list[tuple[Account, str, str]] = []
    posts = Post.objects.held_on(today).filter(person__account__is_demo=True).select_related("unit", "place")
    where = {post.person_id: str(post.unit or post.place.full_name) for post in posts.order_by("-id")}
    for account in tour.accounts():
        roles = post_names(actor_of(account.person, today))
        rows.append((account, roles, where.get(account.person_id, "")))
    return rows
