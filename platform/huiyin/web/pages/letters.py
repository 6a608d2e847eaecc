"""The letter of reply: ready for the office's last touch in Word, and as a page to print."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.cases import present
from huiyin.cases.models import Case, ReplyDraft
from huiyin.cases.querysets import CaseQuerySet
from huiyin.web import letter_writing as letters
from huiyin.web.downloads import download


def _shown(request: HttpRequest, case_id: str, number: int) -> tuple[Case, present.RoundView, str]:
    """
    The case, the round with its reply, and what its name says of a draft.

    Before it is delivered the reply is its newest draft, for those who see drafts: a head prints, signs and seals the letter
    before anybody gets it.
    """
    case = get_object_or_404(_seen(request), public_id=case_id)
    shown = _round_of(request, case, number)
    if shown is None:
        raise Http404
    is_draft = shown.reply.pk is None and not shown.reply.document_number
    return case, shown, f"（第{shown.reply.draft.version}稿）" if is_draft else ""


def _seen(request: HttpRequest) -> CaseQuerySet:
    return Case.objects.visible_to(request.actor).select_related(
        "place", "definition", "reporter", "deputy", "text", "merged_into"
    )


def _round_of(request: HttpRequest, case: Case, number: int) -> present.RoundView | None:
    rounds = present.case(case, request.actor).rounds
    shown = next((one for one in rounds if one.number == number and (one.reply or one.drafts)), None)
    if shown is None or shown.reply is not None:
        return shown
    newest = shown.drafts[0][0]
    return replace(shown, reply=newest.as_reply(case=case, round=number, by=newest.by, at=newest.at))


def _letter_of(request: HttpRequest, case: Case, shown: present.RoundView) -> letters.Facts:
    """What the letter says; where one 文号 answers several cases (合并答复) it names all of them that the actor sees."""
    parts = [(case, shown)]
    for draft in ReplyDraft.objects.of_letter(shown.reply).exclude(case=case):
        other = _seen(request).filter(pk=draft.case_id).first()
        if other is not None and (its := _round_of(request, other, draft.round)) is not None:
            parts.append((other, its))
    return letters.facts_of(case, shown, sorted(parts, key=lambda part: part[0].pk))


@login_required
@require_safe
def letter(request: HttpRequest, case_id: str, number: int) -> FileResponse:
    """The reply of a round as a Word file, for those who see the case."""
    case, shown, draft = _shown(request, case_id, number)
    again = f"（第{number}次）" if number > 1 else ""
    raw = letters.write(_letter_of(request, case, shown), letters.template(shown.reply.unit))
    return download(raw, f"{case.number}答复{again}{draft}.docx")


@login_required
@never_cache
@require_safe
def print_letter(request: HttpRequest, case_id: str, number: int) -> HttpResponse:
    """The same letter as a page to print: what the paper says, without Word."""
    case, shown, draft = _shown(request, case_id, number)
    facts = _letter_of(request, case, shown)
    said = facts.words
    # An official paper is Chinese in whatever language the page is read.
    lines = {
        "salutation": f"{said['称呼']}：",
        "contact": f"联系人：{said['联系人']} {said['联系电话']}"
        if said["联系人"] or said["联系电话"]
        else "",
        "signed": f"签发人：{said['签发人']}" if said["签发人"] else "",
        "copied": f"抄送：{said['抄送']}",
    }
    context = {"case": case, "lines": lines, "words": said, "paragraphs": facts.paragraphs, "draft": draft}
    return render(request, "web/print_letter.html", context | {"place": case.place})
