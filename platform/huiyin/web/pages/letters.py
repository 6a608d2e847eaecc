"""The letter of reply, ready for the office's last touch in Word."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from huiyin.cases import present
from huiyin.cases.models import Case
from huiyin.web import letter_writing as letters
from huiyin.web.downloads import download


@login_required
@require_safe
def letter(request: HttpRequest, case_id: str, number: int) -> FileResponse:
    """The reply of a round as a Word file, for those who see the case."""
    seen = Case.objects.visible_to(request.actor).select_related(
        "place", "definition", "reporter", "deputy", "text", "merged_into"
    )
    case = get_object_or_404(seen, public_id=case_id)
    rounds = present.case(case, request.actor).rounds
    shown = next((one for one in rounds if one.number == number and one.reply is not None), None)
    if shown is None:
        raise Http404
    raw = letters.write(letters.facts_of(case, shown))
    again = f"（第{number}次）" if number > 1 else ""
    return download(raw, f"{case.number}答复{again}.docx")
