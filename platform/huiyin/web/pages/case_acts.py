"""What the page of a case does beside its tasks: urge, re-assign, extend, recall, confirm, seal and so on."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.cases import errors as case_errors
from huiyin.cases import services
from huiyin.cases.models import Assignment, Case, Clock, Contact, Task
from huiyin.core import errors, time_source
from huiyin.files import services as files
from huiyin.files.media import MAX_SEALED_BYTES
from huiyin.web.fields import day_in
from huiyin.web.pages import counter, key_cases
from huiyin.web.pages.cases import find_case, show_case


@login_required
@require_POST
def act(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Urge, re-assign, extend, recall, keep the key list and so on; a refusal's sentence is shown, with the words kept."""
    row = find_case(request, case_id)
    if name not in _ACTS:
        raise Http404
    try:
        done = _ACTS[name](request, row)
    except errors.Refusal as refusal:
        return show_case(request, find_case(request, case_id), refused=refusal, name=name)
    messages.success(request, done)
    if request.POST.get("back") == "tasks":
        return redirect("tasks")
    task_id = request.POST.get("task", "")
    if task_id and Task.objects.visible_to(request.actor).filter(case=row, public_id=task_id).exists():
        return redirect("task", task_id=task_id)
    return redirect("case", case_id=case_id)


def _urge(request: HttpRequest, row: Case) -> str:
    words = request.POST.get("words", "")
    services.urge_case(case=row, words=words, by=request.actor, now=time_source.now())
    return _("已催办。")


def _reassign(request: HttpRequest, row: Case) -> str:
    seen = Assignment.objects.visible_to(request.actor).filter(case=row)
    part = seen.filter(public_id=request.POST.get("assignment", "")).first()
    if part is None:
        # A unit that was only proposed may have given way since the page was opened.
        raise case_errors.PartDone
    services.reassign(
        assignment=part,
        unit_id=request.POST.get("unit", ""),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        now=time_source.now(),
    )
    return _("承办单位已调整。")


def _extend(request: HttpRequest, row: Case) -> str:
    seen = Clock.objects.visible_to(request.actor).filter(case=row)
    clock = get_object_or_404(seen, public_id=request.POST.get("clock", ""))
    services.extend_clock(
        clock=clock,
        to=day_in(request.POST.get("to", "")),
        reason=request.POST.get("reason", ""),
        by=request.actor,
        now=time_source.now(),
    )
    return _("期限已延长。")


def _contact(request: HttpRequest, row: Case) -> str:
    contacts = Contact.objects.visible_to(request.actor).filter(case=row)
    contact = get_object_or_404(contacts, public_id=request.POST.get("contact", ""))
    happened = request.POST.get("happened") == "yes"
    services.confirm_contact(contact=contact, happened=happened, by=request.actor, now=time_source.now())
    return _("已记录，谢谢您。")


def _pressure(request: HttpRequest, row: Case) -> str:
    words = request.POST.get("words", "")[:2000]
    services.tell_pressure(case=row, words=words, by=request.actor, now=time_source.now())
    return _("已告知人大，承办单位看不到。您的评价由您自己决定。")


def _seal(request: HttpRequest, row: Case) -> str:
    upload, now = request.FILES.get("sealed"), time_source.now()
    if upload is None:
        raise errors.Invalid(_("请选择盖章件的 PDF 文件。"))
    staged = files.stage(kind="sealed", raw=upload.read(MAX_SEALED_BYTES + 1), now=now)
    services.seal_reply(case=row, upload=staged.public_id, by=request.actor, now=now)
    return _("盖章件已上传，作为答复的正式文本。")


def _recall(request: HttpRequest, row: Case) -> str:
    seen = Task.objects.visible_to(request.actor).filter(case=row)
    task = get_object_or_404(seen, public_id=request.POST.get("task", ""))
    services.recall_task(task=task, by=request.actor, now=time_source.now())
    return _("已收回，填写的内容还在，改好后重新提交。")


def _route(request: HttpRequest, row: Case) -> str:
    route = request.POST.get("route", "")
    services.wish_route(case=row, route=route, by=request.actor, now=time_source.now())
    return _("已告知人大，交办前可以随时更改。")


_ACTS = {
    "route": _route,
    "seal": _seal,
    "urge": _urge,
    "reassign": _reassign,
    "extend": _extend,
    "contact": _contact,
    "pressure": _pressure,
    "recall": _recall,
    **counter.ACTS,
    **key_cases.ACTS,
}
