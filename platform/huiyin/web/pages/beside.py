"""Acts beside a task, which stays open: progress, a contact, claiming, giving it to a colleague, why it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.cases import errors as case_errors
from huiyin.cases import runtime, services
from huiyin.cases.models import Task, Unsent
from huiyin.core import errors, time_source
from huiyin.directory.models import Person
from huiyin.forms import answers as forms
from huiyin.web import uploads
from huiyin.web.pages.task import find_task, show_task

#: The forms beside a task whose words are kept as they are typed.
BESIDE = frozenset({"progress", "contact"})


def said_kept(request: HttpRequest, kept: Unsent, form: str) -> HttpResponse:
    """When the words of a form were kept, and as which version; `form` is its id on the page."""
    at = timezone.localtime(kept.saved_at).strftime("%H:%M:%S")
    return render(request, "web/parts/kept.html", {"at": at, "kept": kept.version, "form": form})


@login_required
@require_POST
def progress(request: HttpRequest, task_id: str) -> HttpResponse:
    """Report progress."""

    def note(row: Task, values: dict[str, object]) -> str:
        key = request.POST.get("key", "")[:64] or None
        services.add_progress(task=row, answers=values, by=request.actor, now=time_source.now(), key=key)
        return _("进展已登记，对方可以看到。")

    return _note(request, task_id, "progress", note)


@login_required
@require_POST
def contact(request: HttpRequest, task_id: str) -> HttpResponse:
    """Record that the unit spoke with the one who asked."""

    def note(row: Task, values: dict[str, object]) -> str:
        services.add_contact(task=row, answers=values, by=request.actor, now=time_source.now())
        return _("沟通已登记，待对方确认。")

    return _note(request, task_id, "contact", note)


def _note(
    request: HttpRequest, task_id: str, name: str, note: Callable[[Task, dict[str, object]], str]
) -> HttpResponse:
    """Send the form of an act, or show the task again with every word kept."""
    row = find_task(request, task_id)
    document = runtime.of(row.case.definition_id).documents.get(name)
    if document is None:
        raise Http404
    posted, problems = uploads.posted_with_files(request, document, time_source.now())
    values = forms.read(document, posted)
    sentence, status = "", 422
    if not problems:
        try:
            done = note(row, values)
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except errors.Refusal as refusal:
            sentence, status, row = refusal.sentence, refusal.status, find_task(request, task_id)
        else:
            services.drop_unsent(task=row, by=request.actor, form=name)
            messages.success(request, done)
            return redirect("task", task_id=task_id)
    kept = {"values": values, "problems": problems}
    return show_task(request, row, **{name: kept}, sentence=sentence, status=status)


@login_required
@require_POST
def save_beside(request: HttpRequest, task_id: str, form: str) -> HttpResponse:
    """暂存 of a form beside the task, by a script alone."""
    row, now = find_task(request, task_id), time_source.now()
    document = runtime.of(row.case.definition_id).documents.get(form)
    if document is None or form not in BESIDE:
        raise Http404
    values, seen = forms.read(document, request.POST), request.POST.get("kept")
    try:
        kept = services.keep_unsent(task=row, answers=values, by=request.actor, now=now, seen=seen, form=form)
    except errors.Refusal as refusal:
        return HttpResponse(refusal.sentence)
    return said_kept(request, kept, f"{form}-form")


@login_required
@require_POST
def save(request: HttpRequest, task_id: str) -> HttpResponse:
    """暂存: keep what is typed, or throw it away; from a script every few seconds, without one by a button."""
    row, now = find_task(request, task_id), time_source.now()
    if request.POST.get("act") == "drop":
        services.drop_unsent(task=row, by=request.actor)
        messages.success(request, _("暂存的内容已清除。"))
        return redirect("task", task_id=task_id)
    values = forms.read(runtime.document_of(row, row.case.definition_id), request.POST)
    try:
        seen = request.POST.get("kept")
        kept = services.keep_unsent(task=row, answers=values, by=request.actor, now=now, seen=seen)
    except errors.Refusal as refusal:
        if request.htmx:
            return HttpResponse(refusal.sentence)
        return show_task(request, row, values=values, sentence=refusal.sentence, status=refusal.status)
    if request.htmx:
        return said_kept(request, kept, "task-form")
    messages.success(request, _("已暂存，下次打开时接着填。照片不随暂存保存。"))
    return redirect("task", task_id=task_id)


@login_required
@require_POST
def take(request: HttpRequest, task_id: str) -> HttpResponse:
    """Claim a task, or put it back."""
    row = find_task(request, task_id)
    act = services.return_task if request.POST.get("act") == "return" else services.take_task
    try:
        act(task=row, by=request.actor, now=time_source.now())
    except (case_errors.TakenByAnother, case_errors.TaskClosed, case_errors.NotTaken) as refusal:
        messages.error(request, refusal.sentence)
    return redirect("task", task_id=task_id)


@login_required
@require_POST
def give(request: HttpRequest, task_id: str) -> HttpResponse:
    """Give a unit's task to one of its people."""
    row = find_task(request, task_id)
    posted = {name: request.POST.get(name, "").strip() for name in ("to", "due_on")}
    sentence = _("请选择承办人。")
    to = Person.objects.filter(public_id=posted["to"], jurisdiction=row.case.jurisdiction).first()
    try:
        if to is None:
            raise ValueError
        sentence = _("内部期限请填日期。")
        due_on = date.fromisoformat(posted["due_on"]) if posted["due_on"] else None
        services.give_task(task=row, to=to, by=request.actor, now=time_source.now(), due_on=due_on)
    except ValueError:
        return show_task(request, row, giving={**posted, "sentence": sentence}, status=422)
    except errors.Refusal as refusal:
        kept = {**posted, "sentence": refusal.sentence}
        return show_task(request, find_task(request, task_id), giving=kept, status=refusal.status)
    messages.success(request, _("已分派给%(name)s。") % {"name": to.name})
    return redirect("task", task_id=task_id)


@login_required
@require_POST
def explain(request: HttpRequest, task_id: str) -> HttpResponse:
    """Say why a task is late."""
    row, words = find_task(request, task_id), request.POST.get("words", "")
    try:
        services.explain_lateness(task=row, words=words, by=request.actor, now=time_source.now())
    except errors.Refusal as refusal:
        kept = {"words": words, "sentence": refusal.sentence}
        return show_task(request, find_task(request, task_id), explaining=kept, status=refusal.status)
    messages.success(request, _("超期说明已登记，督办人员可以看到。"))
    return redirect("task", task_id=task_id)
