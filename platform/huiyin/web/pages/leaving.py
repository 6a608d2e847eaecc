"""请假与代办: what falls due while one is away, who stands in, and whom one stands in for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import colleagues, present, services
from huiyin.cases.models import Task, Unsent
from huiyin.core import errors, time_source
from huiyin.directory.actors import Actor
from huiyin.directory.models import ISSUE, Delegation, Person
from huiyin.directory.roles import Role
from huiyin.web.fields import day_in

SHOWN = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The page; sending it names who stands in."""
    sent = request.POST if request.method == "POST" else request.GET
    typed = {name: sent.get(name, "").strip() for name in ("from", "last", "cover", "what")}
    if request.method != "POST":
        return _page(request, typed)
    if request.POST.get("act") == "look":
        # The chosen days stand in the address; the form's token must not.
        return redirect(
            f"{reverse('leave')}?{urlencode({name: value for name, value in typed.items() if value})}"
        )
    try:
        from_on, last_on = day_in(typed["from"]), day_in(typed["last"])
        cover = Person.objects.visible_to(request.actor).filter(public_id=typed["cover"]).first()
        if cover is None:
            return _page(request, typed, _("请选择代办人。"), 422)
        signing_only = typed["what"] == ISSUE
        made = services.cover_posts(
            cover=cover,
            from_on=from_on,
            last_on=last_on,
            by=request.actor,
            now=time_source.now(),
            signing_only=signing_only,
        )
    except errors.Refusal as refusal:
        return _page(request, typed, refusal.sentence, refusal.status)
    told = (
        _("已请%(name)s代为签发，到期自动结束。") if signing_only else _("已请%(name)s代办，到期自动结束。")
    )
    messages.success(request, told % {"name": cover.name})
    left = services.posts_to_cover(request.actor, time_source.today(), signing_only).count() - len(made)
    if left:
        messages.info(request, _("另有 %(n)s 个岗位不在同一单位，没有一并代办。") % {"n": left})
    return redirect("leave")


@login_required
@require_POST
def end(request: HttpRequest, delegation_id: str) -> HttpResponse:
    """Be back earlier."""
    seen = Delegation.objects.visible_to(request.actor)
    delegation = get_object_or_404(seen, public_id=delegation_id)
    services.end_cover(delegation=delegation, by=request.actor, now=time_source.now())
    messages.success(request, _("代办已结束。"))
    return redirect("leave")


def _page(request: HttpRequest, typed: dict[str, str], sentence: str = "", status: int = 200) -> HttpResponse:
    actor, today = request.actor, time_source.today()
    going = Delegation.objects.visible_to(actor).filter(to_on__gt=today).order_by("from_on", "id")
    posts = services.posts_to_cover(actor, today)
    context = {
        "typed": {**typed, "cover": typed["cover"] or _stood_in_last(actor)},
        "sentence": sentence,
        "posts": list(posts),
        "signs": posts.filter(role=Role.UNIT_HEAD).exists(),
        "issue": ISSUE,
        "people": colleagues.grouped(services.colleagues(actor, today)) if posts else [],
        "given": going.filter(post__person=actor.person).select_related("to", "post__unit"),
        "in_force": set(going.in_force(today).values_list("pk", flat=True)),
        "today": today,
        "taken": going.filter(to=actor.person).select_related("post__person", "post__unit"),
        **_due(actor, typed, today),
    }
    return render(request, "web/leave.html", context, status=status)


def _stood_in_last(actor: Actor) -> str:
    """B角: whom one asked the last time is chosen already."""
    mine = Delegation.objects.visible_to(actor).filter(post__person=actor.person)
    return mine.order_by("-from_on", "-id").values_list("to__public_id", flat=True).first() or ""


def _due(actor: Actor, typed: dict[str, str], today: date) -> dict[str, Any]:
    """What falls due until the last day, if one is chosen."""
    try:
        last_on = date.fromisoformat(typed["last"])
    except ValueError:
        return {"rows": None}
    falls_due = Q(due_on__lte=last_on) | Q(inside_due_on__lte=last_on)
    waiting = Task.objects.waiting_for(actor).that_is_work().filter(falls_due)
    rows = waiting.due_first().with_what_rows_show()[:SHOWN]
    drafted = Unsent.objects.visible_to(actor).filter(task__in=waiting, form="")
    return {
        "rows": [present.task_row(task, today) for task in rows],
        "drafted": set(drafted.values_list("task__public_id", flat=True)),
        "last_on": last_on,
    }
