"""批量交办: the same answers for several tasks of one step, and a sentence for each that was refused."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.cases import runtime, services
from huiyin.cases.models import Task
from huiyin.core import errors, ids, time_source
from huiyin.forms import answers as forms
from huiyin.web import batch
from huiyin.web.pages.tasks import show_list


@login_required
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Do the chosen tasks; the list comes back with the words kept if something is missing or was refused."""
    chosen = request.POST.getlist("task")
    step = request.GET.get("step", "").strip()
    # Those done meanwhile, in another window say, are among them: each is answered with its sentence.
    seen = Task.objects.visible_to(request.actor).filter(step_id=step, after_close=False)
    tasks = list(seen.filter(public_id__in=chosen).select_related("case").order_by("due_on", "id"))
    waiting = Task.objects.waiting_for(request.actor).filter(step_id=step, after_close=False)
    first = tasks[0] if tasks else waiting.select_related("case").first()
    document = runtime.document_of(first, first.case.definition_id) if first else None
    if document is None or not batch.is_done_together(document):
        messages.error(request, _("这些事项请在列表中逐件办理。"))
        return redirect("tasks")
    values = forms.read(document, request.POST)
    key = request.POST.get("key", "")[:64] or ids.new_id()
    kept = {"values": values, "chosen": chosen, "key": key, "document": document}
    if not tasks:
        return show_list(request, {**kept, "problems": {"": _("请先勾选要办理的事项。")}})
    try:
        forms.check(document, values)
    except forms.AnswersRejected as rejected:
        return show_list(request, {**kept, "problems": rejected.problems})
    outcome = services.complete_together(
        tasks=tasks, answers=values, by=request.actor, now=time_source.now(), key=key
    )
    refused = [(task, refusal) for task, refusal in outcome if refusal is not None]
    if len(refused) < len(outcome):
        messages.success(request, _("已办理 %(n)s 件。") % {"n": len(outcome) - len(refused)})
    for task, refusal in refused:
        messages.error(request, f"{task.case.number}：{refusal.sentence}")
    if refused:
        left = [task.public_id for task, _refusal in refused]
        return show_list(request, {**kept, "chosen": left}, status=errors.Conflict.status)
    return redirect(f"{reverse('tasks')}?{request.GET.urlencode()}")
