"""答复模板: a unit's own texts, kept on one page and put into the form of a reply by choice, with scripts or without."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import runtime, services
from huiyin.cases.models import ReplyTemplate
from huiyin.cases.querysets import ReplyTemplateQuerySet
from huiyin.cases.services import templates
from huiyin.congress import letter_files
from huiyin.congress.models import LetterTemplate
from huiyin.congress.services import letters
from huiyin.core import errors, time_source
from huiyin.directory.models import Unit
from huiyin.forms import answers as forms
from huiyin.forms.kinds import REPLYING
from huiyin.web import letter_writing, uploads
from huiyin.web.downloads import download
from huiyin.web.numbers import number_in
from huiyin.web.pages.task import find_task, show_task

#: Where the session keeps the template that was just removed, so that it can be put back.
REMOVED = "removed_template"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply_templates(request: HttpRequest, template_id: str = "") -> HttpResponse:
    """
    The templates of the actor's units; one is written anew, or changed.

    :raises NotYourAct: for anybody but handlers and heads
    """
    request.actor.require(templates.ACT)
    row = get_object_or_404(_seen(request), public_id=template_id) if template_id else None
    if request.method != "POST":
        typed = (
            {"name": row.name, "text": row.text, "unit": row.unit.public_id, "seen": row.version}
            if row
            else {}
        )
        return _page(request, row, typed)
    typed = {
        name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("name", "text", "unit", "seen")
    }
    units = templates.units_of(request.actor)
    unit = row.unit if row else units.filter(public_id=typed["unit"]).first() or units.first()
    try:
        if unit is None:
            raise errors.Invalid(_("您没有可以保存模板的单位。"))
        kept = templates.keep_template(
            template=row,
            unit=unit,
            name=typed["name"],
            text=typed["text"],
            by=request.actor,
            now=time_source.now(),
            seen=typed["seen"] or None,
        )
    except errors.Refusal as refusal:
        if row is not None and isinstance(refusal, templates.TemplateMoved):
            typed["seen"] = row.version  # whoever has been told has seen what stands now
        return _page(request, row, typed, refusal.sentence, refusal.status)
    messages.success(request, _("模板「%(name)s」已保存。") % {"name": kept.name})
    return redirect("reply_templates")


def _seen(request: HttpRequest) -> ReplyTemplateQuerySet:
    return ReplyTemplate.objects.visible_to(request.actor).select_related("unit", "changed_by")


def _page(
    request: HttpRequest,
    row: ReplyTemplate | None,
    typed: dict[str, str],
    sentence: str = "",
    status: int = 200,
    letter_refused: Mapping[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "rows": list(_seen(request).order_by("unit__pinyin", "name")),
        "row": row,
        "typed": typed,
        "sentence": sentence,
        "units": list(templates.units_of(request.actor)),
        "names": [f"{{{{{name}}}}}" for name in templates.NAMES],
        "removed": request.session.pop(REMOVED, None),
        "letters": _letters(request, letter_refused or {}),
        "letter_names": [f"{{{{{name}}}}}" for name in (*letter_files.WORDS, *letter_files.PARAGRAPHS)],
    }
    return render(request, "web/reply_templates.html", context, status=status)


def _letters(
    request: HttpRequest, refused: Mapping[str, str]
) -> list[tuple[Unit, LetterTemplate | None, str]]:
    """(unit, its own letter, why a file for it was refused) of the units for which the actor keeps templates."""
    seen = LetterTemplate.objects.visible_to(request.actor).select_related("changed_by").defer("document")
    own = {row.unit_id: row for row in seen}
    units = templates.units_of(request.actor)
    return [(unit, own.get(unit.pk), refused.get(unit.public_id, "")) for unit in units]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, unit_id: str) -> HttpResponseBase:
    """
    答复函模板: the Word file in use, to be edited at the desk; another one in its place, or the shipped one again.

    :raises NotYourAct: for anybody but the unit's handlers and heads
    """
    request.actor.require(templates.ACT)
    unit, now = get_object_or_404(templates.units_of(request.actor), public_id=unit_id), time_source.now()
    if request.method != "POST":
        return download(letter_writing.template(unit), f"{unit.name}{_('答复函模板')}.docx")
    if request.POST.get("act") == "drop":
        letters.drop_letter(unit=unit, by=request.actor, now=now)
        messages.success(request, _("已恢复系统的答复函模板。"))
        return redirect("reply_templates")
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise errors.Invalid(_("请先选择文件。"))
        letters.keep_letter(unit=unit, raw=upload.read(letter_files.LARGEST + 1), by=request.actor, now=now)
    except errors.Invalid as refusal:
        return _page(request, None, {}, status=refusal.status, letter_refused={unit_id: refusal.sentence})
    messages.success(request, _("今后的答复函都用这份模板。"))
    return redirect("reply_templates")


@login_required
@require_POST
def remove(request: HttpRequest, template_id: str) -> HttpResponse:
    """Remove a template."""
    row = get_object_or_404(_seen(request), public_id=template_id)
    templates.remove_template(template=row, by=request.actor, now=time_source.now())
    messages.success(request, _("模板「%(name)s」已删除。") % {"name": row.name})
    request.session[REMOVED] = {"name": row.name, "text": row.text, "unit": row.unit.public_id}
    return redirect("reply_templates")


@login_required
@require_POST
def insert(request: HttpRequest, task_id: str) -> HttpResponse:
    """The task's page again with all that was typed, and a template's text behind what the reply said already."""
    row, now = find_task(request, task_id), time_source.now()
    document = runtime.document_of(row, row.case.definition_id)
    posted, problems = uploads.posted_with_files(request, document, now)
    values = forms.read(document, posted)
    seen = templates.templates_for(row, request.actor).select_related("unit")
    chosen = seen.filter(public_id=request.POST.get("template", "")).first()
    again = partial(
        show_task, request, row, values=values, problems=problems, key=request.POST.get("key", "")[:64]
    )
    if chosen is None:
        return again(sentence=_("请先选择一个模板。"), status=422)
    field = next((one for one in document.fields.values() if one.kind.name in REPLYING), None)
    if field is not None:
        text, ask = templates.filled(chosen, row, now), number_in(request.POST.get("into", ""))
        values[field.name] = _put_in(dict(values.get(field.name) or {}), text, ask)
        try:
            seen = request.POST.get("kept")
            services.keep_unsent(task=row, answers=values, by=request.actor, now=now, seen=seen)
        except errors.Refusal as refusal:
            return again(sentence=refusal.sentence, status=refusal.status)
    return again(status=422 if problems else 200)


def _put_in(said: dict[str, Any], text: str, ask: int | None) -> dict[str, Any]:
    """A reply with a text behind what it said, in general or of one ask."""
    if ask is None:
        return {**said, "text": _behind(said, text)}
    answers = {one["ask"]: one for one in said.get("asks", [])}
    answers[ask] = {"ask": ask, **answers.get(ask, {}), "text": _behind(answers.get(ask, {}), text)}
    return {**said, "asks": [answers[number] for number in sorted(answers)]}


def _behind(said: Mapping[str, Any], text: str) -> str:
    return "\n".join(part for part in (said.get("text"), text) if part)
