"""批量办理 under way: how far it is, and a sentence for each matter that was refused."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from huiyin.cases.models import Batch
from huiyin.web.batch import TOGETHER
from huiyin.web.refreshing import look_again


@login_required
@require_safe
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """One batch of the actor's."""
    row = get_object_or_404(Batch.objects.visible_to(request.actor), public_id=batch_id)
    counts = row.rows.aggregate(
        all=Count("pk"),
        tried=Count("pk", filter=Q(done_at__isnull=False)),
        refused=Count("pk", filter=~Q(error="")),
    )
    is_running = counts["tried"] < counts["all"]
    context = {
        "batch": row,
        **counts,
        "done": counts["tried"] - counts["refused"],
        "is_running": is_running,
        "refusals": row.rows.exclude(error="").select_related("task__case"),
        "handed_over_on": (row.answers.get(TOGETHER) or {}).get("on", ""),
    }
    answer = render(request, "web/batch.html", context)
    if is_running:
        look_again(answer, request)
    return answer
