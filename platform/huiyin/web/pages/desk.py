"""批量办理: the steps that wait for an office, and one step of many matters as a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases import present, runtime, services, undoing
from huiyin.cases.models import Task
from huiyin.cases.querysets import TaskQuerySet
from huiyin.congress import selectors
from huiyin.congress.models import Series
from huiyin.core import ids, time_source
from huiyin.core.searching import holding
from huiyin.forms import answers as forms
from huiyin.forms.document import Document
from huiyin.web import grid, just_done, proposing, row_form
from huiyin.web.batch import is_done_together
from huiyin.web.numbers import number_in

#: Rows of a page: as many as a person looks through before saving.
PAGE = 30
#: How many new numbers a message names.
NAMED = 3


def waiting(request: HttpRequest, step: str = "") -> TaskQuerySet:
    """The actor's work, at one step if it is named."""
    mine = Task.objects.waiting_for(request.actor).that_is_work()
    return mine.filter(step_id=step) if step else mine


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The steps that wait for the actor and can be done many at once."""
    today, steps = time_source.today(), []
    counted = (
        waiting(request)
        .order_by()
        .values("step_id", "name", "form", "case__definition_id")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_on__lt=today)))
    )
    for row in counted:
        document = runtime.of(row["case__definition_id"]).documents[row["form"]]
        together = is_done_together(document)
        if together or row_form.fits(document):
            address = (
                f"{reverse('tasks')}?step={row['step_id']}"
                if together
                else reverse("grid", args=[row["step_id"]])
            )
            name = present.in_words(row["name"], row["case__definition_id"], row["form"])
            steps.append((name, address, row["n"], row["late"]))
    context = {"steps": sorted(steps, key=lambda one: -one[2])}
    return render(request, "web/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_grid(request: HttpRequest, step: str) -> HttpResponse:
    """The grid of a step; saving rows, or the same page with what was refused and every word kept."""
    if request.method != "POST":
        return show(request, step, {})
    if "recall" in request.POST:
        return _taken_back(request, step)
    posted, wanted = request.POST, request.POST.get("save", "")
    with_all = wanted == "chosen"
    chosen = posted.getlist("row")[:PAGE] if with_all else [wanted]
    seen = Task.objects.visible_to(request.actor).filter(step_id=step).select_related("case")
    tasks = {task.public_id: task for task in seen.filter(public_id__in=chosen)}
    if not tasks:
        messages.error(request, _("请先勾选要办理的事项。"))
        return show(request, step, _typed(request, step, set()), status=422)
    rows = [
        services.Answered(
            tasks[one],
            grid.read(_document(tasks[one]), posted, one, with_all=with_all),
            number_in(posted.get(f"{grid.ROW}{one}.revision", "")),
        )
        for one in dict.fromkeys(chosen)
        if one in tasks
    ]
    key = posted.get("key", "")[:64] or ids.new_id()
    outcome = services.complete_each(rows=rows, by=request.actor, now=time_source.now(), key=key)
    return _told(request, step, rows, outcome, key)


def _taken_back(request: HttpRequest, step: str) -> HttpResponse:
    """Open rows again that were just done; what is typed in the others stays."""
    status = just_done.take_back(request, step)
    kept, key = _typed(request, step, set()), request.POST.get("done", "")
    if kept or status != 200:
        return show(request, step, kept, status=status, done=key)
    return _again(request, key)


def _again(request: HttpRequest, done: str) -> HttpResponse:
    """The same page, which offers to take back what was done with a key."""
    query = request.GET.copy()
    query["done"] = done
    return redirect(f"{request.path}?{query.urlencode()}")


def _document(task: Task) -> Document:
    return runtime.document_of(task, task.case.definition_id)


def _told(
    request: HttpRequest,
    step: str,
    rows: list[services.Answered],
    outcome: services.Outcome,
    key: str,
) -> HttpResponse:
    """Say what was done; rows that were refused come back with their words, and so do those that only were typed in."""
    done = [task for task, refusal in outcome if refusal is None]
    if done:
        messages.success(request, _done(done))
    refused = {task.public_id: refusal for task, refusal in outcome if refusal is not None}
    kept = _typed(request, step, {task.public_id for task in done})
    still = set(waiting(request, step).filter(public_id__in=refused).values_list("public_id", flat=True))
    for row in rows:
        if (refusal := refused.get(row.task.public_id)) is None:
            continue
        if row.task.public_id not in still:
            messages.error(request, f"{row.task.case.number}：{refusal.sentence}")
            continue
        problems = refusal.problems if isinstance(refusal, forms.AnswersRejected) else {}
        sentence = "" if problems else refusal.sentence
        kept[row.task.public_id] = grid.Kept(row.answers, problems, sentence, chosen=True)
    if not kept and not refused:
        return _again(request, key)
    status = next((refusal.status for refusal in refused.values()), 200)
    return show(request, step, kept, status=status, done=key)


def _typed(request: HttpRequest, step: str, done: set[str]) -> dict[str, grid.Kept]:
    """The rows in which something else was typed than the page had offered, and those that are ticked."""
    rows = {name.split(".")[0].removeprefix(grid.ROW) for name in request.POST if name.startswith(grid.ROW)}
    waits = waiting(request, step).filter(public_id__in=rows - done).select_related("case")
    kept, ticked = {}, set(request.POST.getlist("row"))
    by_form: dict[tuple[int, str], list[Task]] = {}
    for task in waits:
        by_form.setdefault((task.case.definition_id, task.form), []).append(task)
    for tasks in by_form.values():
        document = _document(tasks[0])
        fixed = {name: one.ui["default"] for name, one in document.fields.items() if "default" in one.ui}
        offered = proposing.offered(tasks, document, request.actor)
        for task in tasks:
            values = grid.read(document, request.POST, task.public_id, with_all=False)
            known = fixed | offered[task.pk]
            if any(value != known.get(name) for name, value in values.items()):
                typed_on = number_in(request.POST.get(f"{grid.ROW}{task.public_id}.revision", ""))
                kept[task.public_id] = grid.Kept(values, chosen=task.public_id in ticked, revision=typed_on)
    return kept


def _done(tasks: list[Task]) -> str:
    """How many were done, and the official numbers that they were given."""
    sentence = _("已办理 %(n)s 件。") % {"n": len(tasks)}
    if not row_form.registers(_document(tasks[0])):
        return sentence
    if given := [task.case.number for task in tasks if hasattr(task.case, "registration")]:
        more = _("等") if len(given) > NAMED else ""
        sentence += _("编号：%(numbers)s%(more)s。") % {"numbers": _("、").join(given[:NAMED]), "more": more}
    return sentence


def show(
    request: HttpRequest, step: str, kept: Mapping[str, grid.Kept], status: int = 200, done: str = ""
) -> HttpResponse:
    """The page of the grid; `done` is the key of the sending whose rows it offers to take back."""
    done = done or request.GET.get("done", "")[:64]
    query = request.GET.get("q", "").strip()
    mine = waiting(request, step)
    found = mine.filter(holding(query, "case__title", "case__number")) if query else mine
    rows = found.due_first().with_what_rows_show().select_related("case__text", "case__reporter")
    page = Paginator(rows.prefetch_related("case__asks"), PAGE).get_page(request.GET.get("page"))
    tasks = [task for task in page if row_form.fits(_document(task))]
    same = [task for task in tasks if task.form == tasks[0].form and _same_version(task, tasks[0])]
    view = grid.of(same, kept, request.actor, time_source.today(), request.POST or None)
    name = present.step_name(same[0]) if same else ""
    context: dict[str, Any] = {
        "grid": view,
        "page": page,
        "step": step,
        "name": name,
        "is_final": bool(same) and not undoing.is_recallable(_document(same[0])),
        "query": query,
        "key": ids.new_id(),
        "done": done,
        "just_done": just_done.rows(request.actor, step, done),
        "numbering": _numbering(same[0]) if same and row_form.registers(_document(same[0])) else "",
        "all_chosen": request.GET.get("all") == "1" and not kept,
        "refused": sum(bool(one.problems or one.sentence) for one in kept.values()),
    }
    return render(request, "web/grid.html", context, status=status)


def _numbering(first: Task) -> str:
    """To which session the first row belongs, and how far its numbers have come."""
    moment = selectors.submitted_at(first.case)
    place = selectors.congress_of(first.case, time_source.day_of(moment))
    session = selectors.session_for(place, moment)
    if session is None:
        return ""
    last = Series.objects.filter(session=session, kind=first.case.kind).values_list("last", flat=True).first()
    return _("首件编入%(session)s，已编到第 %(n)s 号") % {"session": session.name, "n": last or 0}


def _same_version(one: Task, other: Task) -> bool:
    """Rows of one grid ask the same: a process that was published anew is done in two."""
    return one.case.definition_id == other.case.definition_id
