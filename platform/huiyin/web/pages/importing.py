"""导入建议: a file is sent, looked at row by row, and entered; the page counts while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.congress import importing, reading, services, unpacking
from huiyin.congress.models import ImportRow, SuggestionImport
from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Place
from huiyin.forms.document import in_language
from huiyin.lifecycle.demo import monday
from huiyin.web import import_template
from huiyin.web.downloads import download
from huiyin.web.fields import Posted
from huiyin.web.refreshing import look_again

PAGE, LATEST = 100, 10
FILTERS: Mapping[str, Q] = {
    "wrong": ~Q(problems=[]) | ~Q(error=""),
    "known": Q(case__isnull=False, is_new=False, problems=[]),
    "good": Q(problems=[], error="") & (Q(case=None) | Q(is_new=True)),
}


def _about(request: HttpRequest, kind: str) -> tuple[Definition, list[Place]]:
    """The newest version of a process, and the congresses for which the actor may enter its matters."""
    newest = Definition.objects.visible_to(request.actor).newest(request.actor.person.jurisdiction, kind)
    definition = get_object_or_404(newest[:1])
    places = importing.congresses_to_enter_in(request.actor, definition, time_source.today())
    if not places:
        raise Http404
    return definition, places


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a file; what came before stands beside."""
    definition, places = _about(request, kind)
    wanted = request.POST.get("place") or request.GET.get("place")
    place = next((one for one in places if one.public_id == wanted), places[0])
    posted = Posted(
        request.POST.dict() if request.method == "POST" else {"on": time_source.today().isoformat()}
    )
    if request.method == "POST":
        batch = _send(request, definition, place, posted)
        if batch is not None:
            return redirect("import", import_id=batch.public_id)
    seen = SuggestionImport.objects.visible_to(request.actor).filter(definition__process=kind)
    context = {
        "definition": definition,
        "places": places,
        "place": place,
        "posted": posted,
        "latest": [
            (row, importing.counts_of(row))
            for row in seen.select_related("by").order_by("-at", "-id")[:LATEST]
        ],
        "most": reading.MOST_ROWS,
        "sample": monday.ROWS if settings.DEMO and kind == "suggestion" else 0,
    }
    return render(request, "web/imports.html", context, status=422 if posted.problems else 200)


def _send(
    request: HttpRequest, definition: Definition, place: Place, posted: Posted
) -> SuggestionImport | None:
    """Read the files and let the service understand them; None, with a sentence beside a field, if that fails."""
    received_on, uploads = posted.day("on"), request.FILES.getlist("file")
    if received_on > time_source.today():
        posted.problems["on"] = _("日期还没有到。")
    if not uploads:
        posted.problems["file"] = _("请选择文件。")
    if posted.problems:
        return None
    try:
        book = _read(uploads)
        batch = services.prepare_import(
            definition=definition,
            place=place,
            name=_name(uploads),
            found=book.rows,
            received_on=received_on,
            by=request.actor,
            now=time_source.now(),
        )
    except errors.Invalid as refusal:
        posted.problems["file"] = refusal.sentence
        return None
    if book.unread:
        sentence = _("有内容但没有标题行的工作表没有读取：%(names)s。里面如有建议，请补上标题行后重新上传。")
        messages.info(request, sentence % {"names": _("、").join(book.unread)})
    return batch


def _read(uploads: list[UploadedFile]) -> reading.Book:
    """
    The suggestions of one workbook, or of several Word documents.

    :raises Invalid: if one of them can't be read, with its name
    """
    books = [one for one in uploads if str(one.name).lower().endswith(".xlsx")]
    if books and len(uploads) > 1:
        raise errors.Invalid(_("一次请只选一个 XLSX 文件，或若干个 DOCX 文件。"))
    papers, room = reading.Book(), reading.MOST_TOGETHER
    for number, upload in enumerate(uploads, 1):
        raw = upload.read(unpacking.MOST_BYTES + 1)
        try:
            if books:
                return reading.read_workbook(raw)
            papers.rows.append(reading.read_document(raw, number, str(upload.name), room))
        except errors.Invalid as refusal:
            raise errors.Invalid(f"{upload.name}：{refusal.sentence}") from refusal
        room -= papers.rows[-1].weight
    return papers


def _name(uploads: list[UploadedFile]) -> str:
    if len(uploads) == 1:
        return str(uploads[0].name)
    return _("%(name)s 等 %(n)s 个文件") % {"name": uploads[0].name, "n": len(uploads)}


@login_required
@require_safe
def template(request: HttpRequest, kind: str) -> FileResponse:
    """An empty workbook with the headings, the classes and an example on a second sheet."""
    definition, places = _about(request, kind)
    deputies = import_template.deputies(places[0], time_source.today())
    raw = import_template.write(definition, deputies)
    return download(raw, _("%(kind)s导入模板.xlsx") % {"kind": definition.local_name})


@login_required
@require_safe
def sample(request: HttpRequest, kind: str) -> FileResponse:
    """In a demo alone: a workbook of 240 suggestions of its deputies, to live the Monday after the session with."""
    if not settings.DEMO:
        raise Http404
    definition, places = _about(request, kind)
    deputies = import_template.deputies(places[0], time_source.today())
    raw = import_template.write(definition, deputies, monday.rows(places[0], deputies))
    return download(
        raw, _("%(kind)s示例（%(n)s 件）.xlsx") % {"kind": definition.local_name, "n": monday.ROWS}
    )


def _find(request: HttpRequest, import_id: str) -> SuggestionImport:
    seen = SuggestionImport.objects.visible_to(request.actor).select_related("place", "definition", "by")
    return get_object_or_404(seen, public_id=import_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: HttpRequest, import_id: str) -> HttpResponse:
    """What was understood, row by row; the button enters what is good, and the page counts it."""
    batch, sentence, status = _find(request, import_id), "", 200
    if request.method == "POST":
        try:
            services.start_import(batch=batch, by=request.actor, now=time_source.now())
            return redirect("import", import_id=import_id)
        except errors.Conflict as refusal:
            sentence, status, batch = refusal.sentence, refusal.status, _find(request, import_id)
    shown = request.GET.get("show", "")
    rows = ImportRow.objects.visible_to(request.actor).filter(batch=batch).select_related("case", "mover")
    # In the order of the file: rows of two sheets bear the same numbers.
    rows = rows.order_by("pk")
    page = Paginator(rows.filter(FILTERS.get(shown, Q())), PAGE).get_page(request.GET.get("page"))
    standing, categories = importing.counts_of(batch), _categories(batch)
    is_running = batch.started_at is not None and not standing.is_over
    context: dict[str, Any] = {
        "batch": batch,
        "page": page,
        "rows": [(row, categories.get(row.category, "")) for row in page],
        "standing": standing,
        "shown": shown,
        "sentence": sentence,
        "is_running": is_running,
        "done": standing.all - standing.wrong - standing.ready,
        "good": standing.all - standing.wrong,
    }
    answer = render(request, "web/import.html", context, status=status)
    if is_running:
        look_again(answer, request)
    return answer


def _categories(batch: SuggestionImport) -> dict[str, str]:
    return {code: in_language(texts) for code, texts in importing.categories_of(batch.definition).items()}


@login_required
@require_POST
def discard(request: HttpRequest, import_id: str) -> HttpResponse:
    """Forget a file that was only looked at."""
    batch = _find(request, import_id)
    services.discard_import(batch=batch, by=request.actor)
    messages.success(request, _("已放弃「%(name)s」，没有录入任何建议。") % {"name": batch.name})
    return redirect("imports", kind=batch.definition.process)
