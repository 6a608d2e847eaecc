"""What is late: whose turn it is, since when, by how much; urge from the row."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
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
    unit = request.GET.get("unit", "")
    board = selectors.board(request.actor, today, unit)
    page = Paginator(board.steps, PAGE).get_page(request.GET.get("page"))
    rows = selectors.rows_of(page, request.actor, today)
    context = {
        "rows": rows,
        "page": page,
        "keyed": on_key_list(late.row.case_id for late in rows),
        "by_unit": board.by_unit,
        "unit": unit,
    }
    return render(request, "web/overdue.html", context)
