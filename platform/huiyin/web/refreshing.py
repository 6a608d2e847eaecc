"""A page that looks again by itself while something goes on; without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def look_again(answer: HttpResponse, request: HttpRequest, seconds: int = 3) -> HttpResponse:
    """
    The browser asks for the page again after so many seconds.

    By its address: whoever came to a place on the page (`/batches/…/#together`) would only be led to that place again, and
    never see how far the work is.
    """
    answer["Refresh"] = f"{seconds}; url={request.get_full_path()}"
    return answer
