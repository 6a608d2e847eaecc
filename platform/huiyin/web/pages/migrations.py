"""迁移在办事项: preview how a version's running cases would go over to another, begin it, watch it, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core import errors, time_source
from huiyin.definitions.models import Definition
from huiyin.lifecycle import migrating, plan, reasons
from huiyin.lifecycle.models import Migration, Move
from huiyin.web.refreshing import look_again

#: What the mapping of a step is called in the address, before the step's id.
MAP = "map."
SHOWN = 50
VERDICTS = {
    plan.SAFE: (gettext_lazy("可直接迁移"), "tone-done"),
    plan.MAPPING: (gettext_lazy("需指定对应环节"), "tone-near"),
    plan.BLOCKED: (gettext_lazy("不能迁移"), "tone-late"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move_cases(request: HttpRequest, definition_id: str) -> HttpResponse:
    """The preview for one version; posted, what was previewed begins."""
    request.actor.require("definition.migrate")
    known = Definition.objects.visible_to(request.actor).filter(
        jurisdiction=request.actor.person.jurisdiction
    )
    source = get_object_or_404(known, public_id=definition_id)
    others = known.filter(process=source.process).exclude(pk=source.pk).order_by("-version")
    sent = request.POST if request.method == "POST" else request.GET
    target = others.filter(public_id=sent["to"]).first() if "to" in sent else others.first()
    steps = {name.removeprefix(MAP): to for name, to in sent.items() if name.startswith(MAP) and to}
    refused: errors.Refusal | None = None
    if request.method == "POST" and target is not None:
        try:
            batch = migrating.migrate_cases(
                source=source, target=target, by=request.actor, now=time_source.now(), steps=steps
            )
        except errors.Refusal as refusal:
            refused = refusal
        else:
            return redirect("migration", migration_id=batch.public_id)
    context = {"source": source, "others": others.defer("diagram", "forms", "tables"), "target": target}
    context |= _previewed(request, source, target, steps) if target else {}
    context["refused"] = context.get("refused") or refused
    status = context["refused"].status if context["refused"] else 200
    return render(request, "web/move_cases.html", context, status=status)


def _previewed(
    request: HttpRequest, source: Definition, target: Definition, steps: dict[str, str]
) -> dict[str, Any]:
    try:
        found = plan.plan_migration(source=source, target=target, by=request.actor, steps=steps)
    except errors.Refusal as refusal:
        return {"refused": refusal}
    rows = [
        {
            "step": row,
            "verdict": VERDICTS[row.verdict],
            "counts": [(VERDICTS[name], row.verdicts[name]) for name in VERDICTS if row.verdicts.get(name)],
            "reasons": [(reasons.sentence(source, target, *reason), n) for reason, n in row.reasons],
            "is_mapped": row.wants_mapping or row.step_id in steps,
        }
        for row in found.rows
    ]
    return {
        "plan": found,
        "rows": rows,
        "totals": [(*VERDICTS[name], found.verdicts[name]) for name in VERDICTS if found.verdicts.get(name)],
        "safe": found.verdicts.get(plan.SAFE, 0),
        "maps": any(row["is_mapped"] for row in rows),
        "mapping": [(f"{MAP}{step}", to) for step, to in steps.items()],
    }


@login_required
@require_safe
def migration(request: HttpRequest, migration_id: str) -> HttpResponse:
    """How a batch stands, and the cases that stayed."""
    return _page(request, _find(request, migration_id))


def _find(request: HttpRequest, migration_id: str) -> Migration:
    request.actor.require("definition.migrate")
    seen = Migration.objects.visible_to(request.actor)
    return get_object_or_404(
        seen.select_related("source", "target", "by", "reverted_by"), public_id=migration_id
    )


def _page(request: HttpRequest, batch: Migration, refused: errors.Refusal | None = None) -> HttpResponse:
    counts = batch.moves.counts()
    total, states = sum(counts.values()), Move.Status
    reverting = batch.reverted_at is not None
    waiting = counts.get(states.MOVED if reverting else states.WAITING, 0)
    stayed = (
        batch.moves.filter(status__in=[states.FAILED, states.STAYED]).select_related("case").order_by("pk")
    )
    page = Paginator(stayed, SHOWN).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "total": total,
        "done": total - waiting,
        "waiting": waiting,
        "counts": [(status.label, counts[status]) for status in states if counts.get(status)],
        "page": page,
        "rows": [(row, reasons.sentences(batch.source, batch.target, row.reasons)) for row in page],
        "can_revert": not reverting,
        "mapping": list(batch.steps.items()),
        "refused": refused,
    }
    answer = render(request, "web/migration.html", context, status=refused.status if refused else 200)
    if waiting and refused is None:  # a refusal stays until it has been read
        look_again(answer, request)
    return answer


@login_required
@require_POST
def revert(request: HttpRequest, migration_id: str) -> HttpResponse:
    """Take a batch back."""
    batch = _find(request, migration_id)
    try:
        migrating.revert_migration(migration=batch, by=request.actor, now=time_source.now())
    except errors.Refusal as refusal:
        return _page(request, batch, refusal)
    messages.success(request, _("正在退回；迁移后已有人办理的事项留在新版本，列在下面。"))
    return redirect("migration", migration_id=batch.public_id)
