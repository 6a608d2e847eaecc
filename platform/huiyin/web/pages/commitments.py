"""承诺事项台账: what units promised, reported as kept by the unit and rated by the mover."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.cases.models import Case, Rating
from huiyin.cases.present.badges import Badge, due_badge
from huiyin.congress import selectors, services
from huiyin.congress.models import Commitment
from huiyin.core import errors, time_source

PAGE = 30


class ScaleMissing(errors.Invalid):
    """Please choose how content you are."""


@dataclass(frozen=True)
class Row:
    """A commitment as the ledger shows it to an actor."""

    commitment: Commitment
    badge: Badge | None
    case_seen: bool
    may_report: bool
    may_rate: bool


@dataclass(frozen=True)
class Refused:
    """What was sent and why it was not taken."""

    commitment: Commitment
    sentence: str
    words: str
    result: str


@login_required
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """The ledger by what has become of the promises."""
    return _ledger(request)


def _seen(request: HttpRequest) -> QuerySet[Commitment]:
    return Commitment.objects.visible_to(request.actor).select_related("case__reporter", "unit")


def _ledger(request: HttpRequest, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    today, found = time_source.today(), _seen(request)
    filters = {
        "ahead": Q(kept_at__isnull=True, closed_at__isnull=True, due_on__gte=today),
        "late": Q(pk__in=Commitment.objects.late_on(today).values("pk")),
        "kept": Q(kept_at__isnull=False, closed_at__isnull=True),
        "done": Q(closed_at__isnull=False),
    }
    shown = request.GET.get("show", "all")
    if shown in filters:
        found = found.filter(filters[shown])
    page = Paginator(found.order_by(F("closed_at").asc(nulls_first=True), "due_on", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    rows = list(page)
    if refused and refused.commitment not in rows:
        rows.insert(0, refused.commitment)
    names = [
        ("all", _("全部")),
        ("ahead", _("未到期")),
        ("late", _("已到期未完成")),
        ("kept", _("待评价")),
        ("done", _("已完成")),
    ]
    context = {
        "rows": _rows(request, rows),
        "page": page,
        "shown": shown,
        "filters": names,
        "scale": Rating.Scale.choices,
        "refused": refused,
    }
    return render(request, "web/commitments.html", context, status=status)


def _rows(request: HttpRequest, rows: list[Commitment]) -> list[Row]:
    actor, today = request.actor, time_source.today()
    cases = Case.objects.visible_to(actor).filter(pk__in=[row.case_id for row in rows])
    seen = set(cases.values_list("pk", flat=True))
    own = selectors.not_rated_by(actor, rows)
    return [
        Row(
            commitment=row,
            badge=due_badge(row.due_on, today) if row.kept_at is None else None,
            case_seen=row.case_id in seen,
            may_report=row.unit_id in actor.units and row.kept_at is None and row.closed_at is None,
            may_rate=actor.person is not None
            and row.case.reporter_id == actor.person.pk
            and row.kept_at is not None
            and row.closed_at is None
            and row.pk not in own,
        )
        for row in rows
    ]


@login_required
@require_POST
def commitment_kept(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """The unit says how it kept a promise."""
    row, words = get_object_or_404(_seen(request), public_id=commitment_id), request.POST.get("words", "")
    try:
        services.report_kept(commitment=row, words=words, by=request.actor, now=time_source.now())
    except errors.Refusal as refusal:
        return _again(request, row, refusal)
    messages.success(request, _("已报告兑现，等待领衔代表评价。"))
    return _back(request)


@login_required
@require_POST
def commitment_rate(request: HttpRequest, commitment_id: str) -> HttpResponse:
    """The mover says how well a promise was kept."""
    row, posted = get_object_or_404(_seen(request), public_id=commitment_id), request.POST
    try:
        if posted.get("result") not in Rating.Scale.values:
            raise ScaleMissing
        services.rate_commitment(
            commitment=row,
            result=posted["result"],
            words=posted.get("words", ""),
            by=request.actor,
            now=time_source.now(),
        )
    except errors.Refusal as refusal:
        return _again(request, row, refusal)
    messages.success(request, _("评价已记录。"))
    return _back(request)


def _again(request: HttpRequest, row: Commitment, refusal: errors.Refusal) -> HttpResponse:
    """The ledger with the sentence beside the words, as the promise stands now."""
    row.refresh_from_db()
    posted = request.POST
    refused = Refused(row, refusal.sentence, posted.get("words", ""), posted.get("result", ""))
    return _ledger(request, refused, refusal.status)


def _back(request: HttpRequest) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{reverse('commitments')}{'?' if query else ''}{query}")
