"""Somebody scanned a printed code: on to the form of its place, with the plate and the deputy filled in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place
from huiyin.web import doors


@require_safe
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to the form; a code that was not made here, or whose place is gone, leads to choosing the place by hand."""
    door = doors.read(token)
    found = Place.objects.visible_to(PUBLIC).filter(public_id=door.place) if door else Place.objects.none()
    place = found.first()
    if place is None:
        return render(request, "web/foreign_code.html", status=404)
    name = "report" if place.level in Place.REPORTABLE else "choose_place_in"
    # The code travels on in the address: the form reads the door from it, and going back and forth loses nothing.
    return redirect(f"{reverse(name, args=[place.public_id])}?{urlencode({'code': token})}")
