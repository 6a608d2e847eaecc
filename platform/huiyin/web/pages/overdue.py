"""What is late: whose turn it is, since when, by how much; urge from the row."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huiyin.congress.selectors import on_key_list
from huiyin.core import time_source
from huiyin.supervision import selectors

PAGE = 30


@login_required
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """The overdue list of a supervisor."""
    today = time_source.today()
    found, unit = selectors.overdue(request.actor, today), request.GET.get("unit", "")
    if unit:
        found = found.filter(Q(unit__name=unit) if unit != "—" else Q(unit=None))
    page = Paginator(selectors.late_steps(found), PAGE).get_page(request.GET.get("page"))
    rows = selectors.rows_of(page, found, request.actor, today)
    context = {
        "rows": rows,
        "page": page,
        "keyed": on_key_list(late.row.case_id for late in rows),
        "by_unit": selectors.overdue_by_unit(request.actor, today),
        "unit": unit,
    }
    return render(request, "web/overdue.html", context)
