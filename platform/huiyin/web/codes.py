"""The code on a receipt: it proves, without an account, that someone is the one who asked."""

from __future__ import annotations

import hmac
import unicodedata

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from huiyin.cases.models import Case
from huiyin.core import ids
from huiyin.directory.actors import Actor, reporter

_SESSION_KEY = "followed"


def code_of(case: Case) -> str:
    """The case's code, computed from its id with the installation's key; nothing is stored."""
    return ids.keyed_code(key=settings.FIELD_KEYS[-1].encode(), purpose="receipt", text=case.public_id)


def fits(case: Case, code: str) -> bool:
    """Whether a typed code is the case's; spaces and capitals don't matter."""
    # A Chinese keyboard types full-width letters; NFKC makes them plain.
    typed = unicodedata.normalize("NFKC", code).strip().lower().replace(" ", "").replace("-", "")
    return hmac.compare_digest(code_of(case).encode(), typed.encode())


def remember(request: HttpRequest, case: Case) -> None:
    """Let this browser follow the case without typing the code again."""
    request.session[_SESSION_KEY] = [*request.session.get(_SESSION_KEY, []), case.public_id][-50:]


def asker_of(request: HttpRequest, case: Case) -> Actor | None:
    """The actor of the one who asked, if this browser has proved to be theirs."""
    return reporter(case.reporter) if case.public_id in request.session.get(_SESSION_KEY, []) else None


def link(request: HttpRequest, case: Case) -> str:
    """The address that the QR on the receipt leads to."""
    return request.build_absolute_uri(f"{reverse('follow', args=[case.public_id])}?code={code_of(case)}")


def drawing_of(link: str, *, fills: bool = False) -> SafeString:
    """The QR code of an address, in the size of a slip; `fills`: as large as the page gives it room."""
    size = {"omitsize": True} if fills else {"scale": 5}
    drawn = segno.make(link, error="m").svg_inline(**size, border=2, dark="#1f2937", title="QR")
    return mark_safe(drawn)
