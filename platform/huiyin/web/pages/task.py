"""A task with its form, what stands beside it, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.cases import present, runtime, services, undoing
from huiyin.cases.models import Consultation, Task, Unsent
from huiyin.cases.present import routes
from huiyin.cases.present.choices import choices_of
from huiyin.cases.recorders.replying import drafter_who_waits
from huiyin.cases.services import templates
from huiyin.congress import present as congress
from huiyin.congress import selectors
from huiyin.core import errors, ids, time_source
from huiyin.directory.actors import Actor
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.forms.document import Document
from huiyin.forms.kinds import JUDGING, REPLYING
from huiyin.web import prefill, row_notes, uploads
from huiyin.web.numbers import number_in


def find_task(request: HttpRequest, task_id: str) -> Task:
    seen = Task.objects.visible_to(request.actor).select_related(
        "case__place",
        "case__reporter",
        "case__deputy",
        "case__text",
        "case__definition",
        "case__profile",
        "unit",
        "place",
        "person",
        "claimed_by",
        "assignment__unit",
    )
    return get_object_or_404(seen, public_id=task_id)


def show_task(
    request: HttpRequest,
    task: Task,
    *,
    values: Any = None,
    problems: dict[str, str] | None = None,
    sentence: str = "",
    status: int = 200,
    key: str = "",
    **refused: dict[str, Any],
) -> HttpResponse:
    """The page of a task; `refused` is what an act beside it (`progress`, `giving` and so on) had chosen and typed."""
    today, case = time_source.today(), task.case
    options, document = choices_of(case, today), runtime.document_of(task, case.definition_id)
    kinds = document.kinds
    mine = Task.objects.waiting_for(request.actor).filter(pk=task.pk).exists()
    stored, kept = _unsent(task, request.actor), bool(sentence and values)
    unsent = None if values else stored.get("")
    values = values or (unsent.words if unsent else prefill.defaults(task, document, request.actor))
    rules = case.profile.local_name
    context = {
        "is_open": task.status == Task.Status.OPEN,
        "mine": mine,
        "kept": kept,
        "unsent": unsent,
        "kept_version": stored[""].version if "" in stored else "",
        "alike": _alike(request.actor, task).count() if mine else 0,
        **_about(task, request.actor, today),
        "form": rendering.view(document, values=values, problems=problems, choices=options, cites=rules),
        "signs_off": bool(kinds & prefill.SIGNING_OFF),
        "rates": "rating" in kinds,
        "is_final": not undoing.is_recallable(document),
        **_templates(request, task, kinds, options),
        "key": key or ids.new_id(),
        "revision": request.POST.get("seen_revision", task.revision),
        "sentence": sentence,
        **_beside(request.actor, task, mine, options, refused, stored),
    }
    return render(request, "web/task.html", context, status=status)


def _templates(request: HttpRequest, task: Task, kinds: frozenset[str], options: Any) -> dict[str, Any]:
    """The unit's texts that a reply can begin with, and where they are put."""
    return {
        "replies": bool(kinds & REPLYING) and task.unit is not None,
        "templates": templates.templates_for(task, request.actor),
        "template_asks": [number for number, _text in options["reply_draft"] if "reply_draft" in kinds],
        "template_into": number_in(request.POST.get("into", "")),
    }


def _notes(task: Task, actor: Actor) -> row_notes.Notes | None:
    """What the grid says beside a row; who signs off or reviews has the reply beside the form already."""
    document = runtime.document_of(task, task.case.definition_id)
    return None if document.kinds & prefill.SIGNING_OFF else row_notes.of([task], document, actor)[task.pk]


def _held_by(task: Task, actor: Actor) -> str:
    """The colleague who has claimed a task that leads to the actor too; nobody where the actor stands in for that person."""
    holder = task.claimed_by
    mine = (actor.person, *actor.covered_at(task.step_id))
    return holder.name if holder and holder not in mine else ""


def _unsent(task: Task, actor: Actor) -> dict[str, Unsent]:
    """What the person had typed here and not sent, by its form: "" for the task's own."""
    return {one.form: one for one in Unsent.objects.visible_to(actor).filter(task=task)}


def _alike(actor: Actor, task: Task) -> QuerySet[Task]:
    """The other tasks of the same step that wait for the actor, due first."""
    waiting = Task.objects.waiting_for(actor).that_is_work().exclude(pk=task.pk)
    # What a colleague holds is not offered next: it would be refused once it is filled in.
    waiting = waiting.filter(
        Q(claimed_by=None) | Q(claimed_by__in=[actor.person, *actor.covered_at(task.step_id)])
    )
    return waiting.filter(step_id=task.step_id, case__kind=task.case.kind).due_first()


def _about(task: Task, actor: Actor, today: date) -> dict[str, Any]:
    """The task's row, and the matter beside it."""
    case = task.case
    return {
        "task": present.task_row(task, today, actor.person.pk if actor.person else None),
        "case": present.case(case, actor),
        "keyed": selectors.on_key_list([case.public_id]),
        "wish": routes.wish_of(case),
        "may_show_code": congress.may_show_code(case, actor),
        "clocks": present.clocks_of(case, today),
        "drafted_it": actor.person is not None and drafter_who_waits(task) == actor.person.pk,
        "may_write_down": services.may_write_down(case, actor),
        "held_by": _held_by(task, actor),
        "notes": _notes(task, actor),
        "entries": present.entries_of(case, actor)[:8],
    }


def _beside(
    actor: Actor,
    task: Task,
    mine: bool,
    options: Any,
    refused: dict[str, dict[str, Any]],
    stored: Mapping[str, Unsent],
) -> dict[str, Any]:
    """The forms of the acts beside a task: progress, why it is late, giving it, asking colleagues."""
    today = time_source.today()
    documents = runtime.of(task.case.definition_id).documents

    def noting(name: str, takes: bool) -> rendering.FormView | None:
        given = refused.get(name)
        if given is None and not (mine and takes):
            return None
        if given is None and name in stored:
            given = {"values": stored[name].words}
        return rendering.view(documents[name], **(given or {}), choices=options, prefix=f"{name}-")

    asked = Consultation.objects.visible_to(actor).filter(task=task, withdrawn_at=None)
    signers = asked.unanswered().filter(kind=Consultation.Kind.SIGN).values_list("to__name", flat=True)
    return {
        "to_sign": _("、").join(signers),
        "is_late": mine and services.is_late(task, today),
        "explaining": refused.get("explaining"),
        "progress_form": noting("progress", services.takes_progress(task)),
        "contact_form": noting("contact", services.takes_contacts(task)),
        "refused": refused,
        "kept_beside": {name: one.version for name, one in stored.items() if name},
        "giving": {"people": present.colleagues(task, today) if mine else [], **refused.get("giving", {})},
        "asking": {
            "people": present.people_beside(task, today, actor.person) if mine else [],
            "asked": list(asked.select_related("task", "to", "by")),
            **refused.get("asking", {}),
        },
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: str) -> HttpResponse:
    """A task with its form; answering it, or the same page with every word kept."""
    row = find_task(request, task_id)
    if request.method != "POST":
        return show_task(request, row)
    document, now = runtime.document_of(row, row.case.definition_id), time_source.now()
    posted, problems = uploads.posted_with_files(request, document, now)
    values, key = forms.read(document, posted), request.POST.get("key", "")[:64] or ids.new_id()
    seen = request.POST.get("seen_revision", "")
    again = partial(show_task, request, values=values, key=key)
    if problems:
        return again(row, problems=problems, status=422)
    try:
        done = services.complete_task(
            task=row,
            answers=values,
            by=request.actor,
            now=now,
            key=key,
            seen_revision=number_in(seen),
        )
    except forms.AnswersRejected as rejected:
        return again(row, problems=rejected.problems, status=422)
    except errors.Refusal as refusal:
        return again(find_task(request, task_id), sentence=refusal.sentence, status=refusal.status)
    services.drop_unsent(task=row, by=request.actor)
    is_returned = _is_returned(document, values)
    told = _("「%(task)s」：已退回修改。") if is_returned else _("「%(task)s」已提交。")
    messages.success(request, told % {"task": done.name})
    if request.POST.get("then") == "next":
        return _next(request, row)
    following = None if is_returned else _going_on(request.actor, done)
    return (
        redirect("task", task_id=following.public_id)
        if following
        else redirect("case", case_id=row.case.public_id)
    )


def _is_returned(document: Document, values: Mapping[str, Any]) -> bool:
    """Whether what was sent returns a draft."""
    judging = [name for name, field in document.fields.items() if field.kind.name in JUDGING]
    return any(values[name]["decision"] == "return" for name in judging if name in values)


def _going_on(actor: Actor, done: Task) -> Task | None:
    """The person's own next task of the case; not the one that lets pass what the person has just drafted."""
    for task in Task.objects.waiting_for(actor).that_is_work().filter(case=done.case).select_related("case"):
        if actor.person is None or drafter_who_waits(task) != actor.person.pk:
            return task
    return None


def _next(request: HttpRequest, done: Task) -> HttpResponse:
    """提交并办下一件: the next task of the same step, until there is none."""
    following = _alike(request.actor, done).first()
    if following is not None:
        return redirect("task", task_id=following.public_id)
    messages.success(request, _("这一环节的待办已全部办完。"))
    return redirect("tasks")
