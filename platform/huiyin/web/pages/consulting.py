"""加签 and 传阅: ask a colleague from the task's page, answer what colleagues ask."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import errors as case_errors
from huiyin.cases import present, services
from huiyin.cases.models import Consultation
from huiyin.core import errors, time_source
from huiyin.directory.models import Person
from huiyin.web.pages.task import find_task, show_task

#: What the answer's form may say of an opinion.
AGREES = {"yes": True, "no": False}


@login_required
@require_POST
def ask(request: HttpRequest, task_id: str) -> HttpResponse:
    """Ask a colleague to sign, or pass the matter to some to read."""
    row, now = find_task(request, task_id), time_source.now()
    chosen, words = request.POST.getlist("to"), request.POST.get("words", "")
    kind = "read" if request.POST.get("kind") == "read" else "sign"
    known = Person.objects.visible_to(request.actor).filter(jurisdiction=row.case.jurisdiction_id)
    people = list(known.filter(public_id__in=chosen))
    try:
        if not people:
            raise case_errors.NobodyChosen
        if kind == "sign":
            services.ask_signer(task=row, to=people[0], words=words, by=request.actor, now=now)
        else:
            services.pass_for_reading(task=row, to=people, words=words, by=request.actor, now=now)
    except errors.Refusal as refusal:
        kept = {"kind": kind, "to": chosen, "words": words, "sentence": refusal.sentence}
        return show_task(request, find_task(request, task_id), asking=kept, status=refusal.status)
    names = "、".join(person.name for person in people)
    done = _("已请%(names)s加签。") if kind == "sign" else _("已送%(names)s传阅。")
    messages.success(request, done % {"names": names})
    return redirect("task", task_id=task_id)


def _seen(request: HttpRequest) -> QuerySet[Consultation]:
    return Consultation.objects.visible_to(request.actor).select_related(
        "task", "by", "to", "case__place", "case__definition", "case__reporter", "case__deputy", "case__text"
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, consultation_id: str) -> HttpResponse:
    """What a colleague asks of me, with the matter; the answer, or the same page with every word kept."""
    row = get_object_or_404(_seen(request).filter(to=request.actor.person), public_id=consultation_id)
    words, agrees = request.POST.get("words", ""), request.POST.get("agrees", "")
    sentence, status = "", 200
    if request.method == "POST":
        try:
            services.answer_consultation(
                consultation=row,
                agrees=AGREES.get(agrees),
                words=words,
                by=request.actor,
                now=time_source.now(),
            )
        except errors.Refusal as refusal:
            sentence, status = refusal.sentence, refusal.status
            row = _seen(request).get(pk=row.pk)
        else:
            messages.success(request, _("已提交。"))
            return redirect("tasks")
    context = {
        "row": row,
        "case": present.case(row.case, request.actor),
        "words": words,
        "agrees": agrees,
        "sentence": sentence,
    }
    return render(request, "web/consultation.html", context, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, consultation_id: str) -> HttpResponse:
    """Take a request back."""
    row = get_object_or_404(_seen(request), public_id=consultation_id)
    try:
        services.withdraw_consultation(consultation=row, by=request.actor, now=time_source.now())
    except errors.Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已撤回。"))
    return redirect("task", task_id=row.task.public_id)
