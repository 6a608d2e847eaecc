"""运行状况: what failed and waits for a decision, how the background work stands, how old the last backup is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases import present, services
from huiyin.cases.errors import NoFacts
from huiyin.core import errors, time_source
from huiyin.jobs import selectors
from huiyin.jobs.models import Incident

#: What failed, in words; a test holds that every kind of job has some.
WORK = {
    "complete_task": gettext_lazy("办理环节"),
    "withdraw_case": gettext_lazy("撤回事项"),
    "withdraw_signature": gettext_lazy("撤回签名"),
    "cases.fire_mark": gettext_lazy("期限提醒与到期处理"),
    "cases.call": gettext_lazy("对外调用"),
    "cases.send_message": gettext_lazy("短信告知反映人"),
    "congress.remind_commitment": gettext_lazy("承诺事项到期提醒"),
    "lifecycle.move_case": gettext_lazy("迁移在办事项"),
    "lifecycle.return_case": gettext_lazy("退回已迁移的事项"),
    "cases.batch_row": gettext_lazy("批量办理"),
    "congress.import_row": gettext_lazy("导入建议"),
    "congress.tell_source": gettext_lazy("告知反映人已写成建议"),
    "congress.tell_answer": gettext_lazy("告知反映人建议的答复"),
    "history.seal": gettext_lazy("封存办理记录"),
    "cases.sweep_unsent": gettext_lazy("清理已办任务的暂存内容"),
    "files.sweep": gettext_lazy("清理未提交的附件"),
    "jobs.tidy": gettext_lazy("清理已完成的后台任务"),
    "sessions.clear": gettext_lazy("清理过期的登录"),
    "backups.make": gettext_lazy("每日备份"),
}
SHOWN = 50


@login_required
@require_safe
def operation(request: HttpRequest) -> HttpResponse:
    """The operator's page."""
    return _page(request)


def _page(request: HttpRequest, refused: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    request.actor.require("incident.resolve")
    now, seen = time_source.now(), Incident.objects.visible_to(request.actor)
    waiting = seen.open().order_by("opened_at", "id")
    work = selectors.standing(now)
    context = {
        "rows": [(row, _words(row.incident.what)) for row in present.incident_rows(waiting[:SHOWN])],
        "open": waiting.count(),
        "decided": seen.exclude(resolved_at=None).select_related("resolved_by").order_by("-resolved_at")[:10],
        "work": work,
        "kinds": [(_words(kind.kind), kind) for kind in work.kinds],
        "refused": refused or {},
        "backup": selectors.backup_standing(now),
        "now": now,
    }
    return render(request, "web/operation.html", context, status=status)


def _words(what: str) -> str:
    return str(WORK.get(what, what))


@login_required
@require_POST
def decide(request: HttpRequest, incident_id: str, name: str) -> HttpResponse:
    """Try again, leave undone, or correct facts and try again."""
    incident = get_object_or_404(Incident.objects.visible_to(request.actor), public_id=incident_id)
    reason, typed = (request.POST.get(field, "")[:300] for field in ("reason", "facts"))
    common = {"incident": incident, "by": request.actor, "now": time_source.now()}
    try:
        if name == "retry":
            services.retry_incident(**common)
        elif name == "skip":
            services.skip_incident(reason=reason, **common)
        else:
            services.correct_case(reason=reason, facts=_facts_in(typed), **common)
    except errors.Refusal as refusal:
        kept = {
            "id": incident_id,
            "sentence": refusal.sentence,
            "reason": reason,
            "facts": typed,
            "name": name,
        }
        return _page(request, kept, status=refusal.status)
    messages.success(request, _("已处理，决定记入该事项的办理记录。"))
    return redirect("operation")


def _facts_in(text: str) -> dict[str, object]:
    """
    Read lines of `name = value`, the value as JSON.

    :raises NoFacts: if a line is none
    """
    found: dict[str, object] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, equals, value = line.partition("=")
        try:
            found[name.strip()] = json.loads(value)
        except ValueError as error:
            raise NoFacts from error
        if not equals or not name.strip():
            raise NoFacts
    return found
