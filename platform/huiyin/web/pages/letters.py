"""The letter of reply, ready for the office's last touch in Word."""

from __future__ import annotations

from dataclasses import replace

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
    """
    The reply of a round as a Word file, for those who see the case; before it is delivered its newest draft, for those who
    see drafts: a head prints, signs and seals the letter before anybody gets it.
    """
    seen = Case.objects.visible_to(request.actor).select_related(
        "place", "definition", "reporter", "deputy", "text", "merged_into"
    )
    case = get_object_or_404(seen, public_id=case_id)
    rounds = present.case(case, request.actor).rounds
    shown = next((one for one in rounds if one.number == number and (one.reply or one.drafts)), None)
    if shown is None:
        raise Http404
    again, draft = f"（第{number}次）" if number > 1 else "", ""
    if shown.reply is None:
        newest = shown.drafts[0][0]
        shown = replace(shown, reply=newest.as_reply(case=case, round=number, by=newest.by, at=newest.at))
        draft = "" if newest.document_number else f"（第{newest.version}稿）"
    raw = letters.write(letters.facts_of(case, shown), letters.template(shown.reply.unit))
    return download(raw, f"{case.number}答复{again}{draft}.docx")
