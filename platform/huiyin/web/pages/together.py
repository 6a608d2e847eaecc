"""批量交办, and 写一次，用于几件: the same words for several tasks of one step, and a sentence for each that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.cases import runtime, services
from huiyin.cases.models import Batch, Task
from huiyin.core import errors, ids, time_source
from huiyin.forms import answers as forms
from huiyin.forms.document import Document
from huiyin.web import batch, uploads
from huiyin.web.numbers import number_in
from huiyin.web.pages.tasks import EVERY, everything, show_list


@login_required
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Do the chosen tasks; the list comes back with the words kept if something is missing or was refused."""
    tasks, first = _chosen(request)
    document = runtime.document_of(first, first.case.definition_id) if first else None
    if document is None or not batch.is_done_together(document):
        messages.error(request, _("这些事项请在列表中逐件办理。"))
        return redirect("tasks")
    values = forms.read(document, request.POST)
    kept = _kept(request, values, document, "tasks_together")
    if request.GET.get("all") == EVERY:
        return _every(request, kept)
    return _send(request, tasks, kept, {}, services.complete_together, _("已办理 %(n)s 件。"))


@login_required
@require_POST
def progress(request: HttpRequest) -> HttpResponse:
    """Note the same progress for the chosen tasks, which stay open."""
    tasks, first = _chosen(request)
    document = batch.progress_form(first) if first else None
    if document is None:
        messages.error(request, _("这些事项请在列表中逐件办理。"))
        return redirect("tasks")
    posted, problems = uploads.posted_with_files(request, document, time_source.now())
    values = forms.read(document, posted)
    kept = _kept(request, values, document, "progress_together")
    return _send(request, tasks, kept, problems, services.add_progress_together, _("进展已登记到 %(n)s 件。"))


def _every(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Do all that the address finds, in the background; only what the person has seen counted is meant."""
    tasks = list(everything(request).select_related("case").due_first())
    seen = number_in(request.POST.get("every", ""))
    if known := Batch.objects.visible_to(request.actor).filter(key=kept["key"]).first():
        return redirect("batch", batch_id=known.public_id)
    if seen != len(tasks):
        sentence = _("列表有变化：刚才是 %(seen)s 件，现在是 %(n)s 件。请核对后再提交。")
        problems = {"": sentence % {"seen": seen or 0, "n": len(tasks)}}
        return show_list(request, {**kept, "problems": problems}, status=errors.Conflict.status)
    try:
        row = services.start_batch(
            tasks=tasks, answers=kept["values"], by=request.actor, now=time_source.now(), key=kept["key"]
        )
    except forms.AnswersRejected as rejected:
        return show_list(request, {**kept, "problems": rejected.problems})
    except errors.Refusal as refusal:
        return show_list(request, {**kept, "problems": {"": refusal.sentence}}, status=refusal.status)
    return redirect("batch", batch_id=row.public_id)


def _chosen(request: HttpRequest) -> tuple[list[Task], Task | None]:
    """The chosen tasks, and one whose form is meant where none is chosen."""
    step = request.GET.get("step", "").strip()
    # Those done meanwhile, in another window say, are among them: each is answered with its sentence.
    seen = Task.objects.visible_to(request.actor).filter(step_id=step, after_close=False)
    chosen = seen.filter(public_id__in=request.POST.getlist("task"))
    tasks = list(chosen.select_related("case").order_by("due_on", "id"))
    waiting = Task.objects.waiting_for(request.actor).filter(step_id=step, after_close=False)
    return tasks, tasks[0] if tasks else waiting.select_related("case").first()


def _kept(request: HttpRequest, values: Mapping[str, Any], document: Document, action: str) -> dict[str, Any]:
    key = request.POST.get("key", "")[:64] or ids.new_id()
    chosen = request.POST.getlist("task")
    return {"values": values, "chosen": chosen, "key": key, "document": document, "action": action}


def _send(
    request: HttpRequest,
    tasks: list[Task],
    kept: dict[str, Any],
    problems: Mapping[str, str],
    service: Callable[..., services.Outcome],
    done: str,
) -> HttpResponse:
    """Hand the same words to a service for every task, and say what came of each."""
    if not tasks:
        return show_list(request, {**kept, "problems": {"": _("请先勾选要办理的事项。")}})
    try:
        forms.check(kept["document"], kept["values"])
    except forms.AnswersRejected as rejected:
        problems = {**rejected.problems, **problems}
    if problems:
        return show_list(request, {**kept, "problems": problems})
    outcome = service(
        tasks=tasks, answers=kept["values"], by=request.actor, now=time_source.now(), key=kept["key"]
    )
    refused = [(task, refusal) for task, refusal in outcome if refusal is not None]
    if len(refused) < len(outcome):
        messages.success(request, done % {"n": len(outcome) - len(refused)})
    for task, refusal in refused:
        messages.error(request, f"{task.case.number}：{refusal.sentence}")
    if refused:
        left = [task.public_id for task, _refusal in refused]
        return show_list(request, {**kept, "chosen": left}, status=errors.Conflict.status)
    return redirect(f"{reverse('tasks')}?{request.GET.urlencode()}")
