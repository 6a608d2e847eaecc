"""The day's work: one list, due first, with filters that live in the address; and a task with its form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.cases import present, services
from huiyin.cases.models import Case, Task
from huiyin.cases.present import routes
from huiyin.cases.querysets import TaskQuerySet
from huiyin.congress import dissent, drafting, selectors
from huiyin.core import time_source
from huiyin.core.searching import holding
from huiyin.directory.actors import Actor
from huiyin.directory.roles import Role
from huiyin.history import words
from huiyin.notices.models import Notice
from huiyin.web import batch, queues, sheets, waiting
from huiyin.web.kinds import kinds_at

PAGE = 30
#: so many reminders at most stand above the list, all but three of them folded
MOST_TOLD = 20
#: Rows of an exported sheet.
MOST = 5000
#: What the address says where all pages of the list are meant.
EVERY = "every"


@login_required
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """My tasks."""
    return show_list(request)


def show_list(request: HttpRequest, kept: dict[str, Any] | None = None, status: int = 422) -> HttpResponse:
    """The list; `kept` is what a refused batch had chosen and typed, answered with `status`."""
    today = time_source.today()
    chosen = _chosen(request)
    mine = queues.waiting_for(chosen.queue, request.actor, today)
    rows = _found(request, mine, today).due_first().with_what_rows_show()
    page, counted = Paginator(rows, PAGE).get_page(request.GET.get("page")), present.counted_by_step(mine)
    person_id = request.actor.person.pk if request.actor.person else None
    context = {
        "queue": chosen.queue,
        "covers": services.posts_to_cover(request.actor, today).exists(),
        "queues": queues.queues_of(request.actor, today),
        "rows": [present.task_row(task, today, person_id) for task in page],
        "page": page,
        "keyed": selectors.on_key_list(task.case.public_id for task in page),
        "returned": present.with_returned_draft(page),
        "counts": _counts(mine, today),
        "to_call": _to_call(request.actor),
        "shown": chosen.shown or "all",
        "query": chosen.query,
        "step": chosen.step,
        "steps": present.steps_of(counted),
        "kind": chosen.kind,
        "kinds": kinds_at(counted).items(),
        "notices": _notices(request.actor),
        **_asked_of(request.actor, today),
        "dissent": _dissent(page, chosen.step),
        "in_rows": batch.in_rows(page, chosen.step),
        "batch": batch.of(
            page,
            chosen.step,
            kept or {},
            all_chosen=request.GET.get("all") == "1",
            every=page.paginator.count if request.GET.get("all") == EVERY else 0,
        ),
    }
    return _answer(request, context, status if kept else 200)


def _asked_of(actor: Actor, today: date) -> dict[str, Any]:
    """What waits for the actor besides tasks: to answer, to draft from, to go on with, to confirm, to co-sign."""
    return {
        "asked": list(waiting.asked_of(actor)),
        "drafts": drafting.kinds_to_draft(actor, today),
        "begun": waiting.begun_by(actor, today),
        "addressed": [
            (case, routes.offered(case.definition_id, actor)) for case in waiting.addressed_to(actor)
        ],
        "contacts": list(waiting.to_confirm(actor)),
        "invitations": waiting.to_second(actor),
    }


def _to_call(actor: Actor) -> int:
    """How many people a counter has to call; no work of anybody else."""
    if not actor.with_role(Role.STATION):
        return 0
    return services.to_call(Case.objects.visible_to(actor), actor, time_source.now()).count()


def _dissent(page: Iterable[Task], step: str) -> dict[str, list[str]]:
    """Task -> what units had against doing it, for whoever does one step of many: hands over, or assigns."""
    tasks = list(page) if step else []
    said = dissent.of(task.case_id for task in tasks)
    return {task.public_id: said[task.case_id] for task in tasks if task.case_id in said}


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    """The list alone for a choice made in the page; for the back button the whole page, which no cache may mix up."""
    is_part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    template = "web/parts/task_list.html" if is_part else "web/tasks.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def _counts(mine: TaskQuerySet, today: date) -> dict[str, int]:
    """How many each tile shows."""
    filters = _filters(today)
    tiles = {name: Count("id", filter=filters[name]) for name in ("late", "near", "again")}
    counted: dict[str, int] = mine.aggregate(all=Count("id"), **tiles)
    return counted


def everything(request: HttpRequest) -> TaskQuerySet:
    """The tasks on all pages of the list that the address shows."""
    today = time_source.today()
    return _found(request, queues.waiting_for(_chosen(request).queue, request.actor, today), today)


class _Chosen(NamedTuple):
    """What the address asks for; empty: all."""

    shown: str
    step: str
    query: str
    queue: str
    kind: str


def _chosen(request: HttpRequest) -> _Chosen:
    return _Chosen(*(request.GET.get(name, "").strip() for name in ("show", "step", "q", "of", "kind")))


def _found(request: HttpRequest, mine: TaskQuerySet, today: date) -> TaskQuerySet:
    """The tasks of a queue that the address asks for."""
    chosen = _chosen(request)
    found = mine.filter(_filters(today).get(chosen.shown, Q()))
    if chosen.kind:
        found = found.filter(case__kind=chosen.kind)
    if words := chosen.query:
        found = found.filter(holding(words, "case__title", "case__number", "claimed_by__name"))
    return found.filter(step_id=chosen.step) if chosen.step else found


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list that the address shows, all its pages, as a sheet."""
    today = time_source.today()
    found = everything(request).due_first().with_what_rows_show()[:MOST]
    rows = [present.task_row(task, today) for task in found]
    headings = [
        _("编号"),
        _("事项"),
        _("地点"),
        _("环节"),
        _("第几次办理"),
        _("轮到"),
        _("承办人"),
        _("收到"),
        _("期限"),
        _("内部期限"),
    ]
    lines = [
        [
            row.number,
            row.title,
            row.place,
            row.name,
            row.round,
            row.who,
            row.claimed_by,
            timezone.localtime(row.since).date(),
            row.due_on,
            row.inside_due_on,
        ]
        for row in rows
    ]
    return sheets.download(_("待办清单 %(day)s") % {"day": today.isoformat()}, headings, lines)


def _filters(today: date) -> dict[str, Q]:
    """What the tiles above the list stand for."""
    near = today + timedelta(days=present.badges.NEAR_DAYS)
    return {
        "late": Q(due_on__lt=today),
        # The unit's own deadline, where it set one, comes before the legal one and counts as well.
        "near": (Q(due_on__gte=today) | Q(due_on=None)) & (Q(due_on__lte=near) | Q(inside_due_on__lte=near)),
        "again": Q(round__gt=1),
    }


def _notices(actor: Actor) -> list[tuple[Notice, str, str]]:
    """
    What the actor was told lately and has not opened, with the id of the matter that opens it, where the actor sees it;
    tasks speak for themselves in the list.
    """
    told = Notice.objects.visible_to(actor).unread().exclude(kind="task_for_you")
    closed = Case.objects.filter(closed_at__isnull=False).values("pk")
    # Nobody is asked any more for the rating of a matter that is closed, nor to second it.
    told = told.exclude(
        kind__in=("answered", "reminder", "cosign_invited"), subject_kind="case", subject_id__in=closed
    )
    unread = list(told.order_by("-at")[:MOST_TOLD])
    about = {row.subject_id for row in unread if row.subject_kind == "case"}
    seen = (
        dict(Case.objects.visible_to(actor).filter(pk__in=about).values_list("pk", "public_id"))
        if about
        else {}
    )
    return [
        (
            row,
            words.tell(f"notice_{row.kind}", row.facts, by=""),
            seen.get(row.subject_id, "") if row.subject_kind == "case" else "",
        )
        for row in unread
    ]
