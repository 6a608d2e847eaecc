"""The door: report, follow, sign in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead a citizen to the form, and someone signed in to the day's work."""
    if request.user.is_authenticated:
        return redirect("tasks")
    return render(request, "web/home.html")
