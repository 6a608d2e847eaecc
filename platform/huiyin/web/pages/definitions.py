"""The published processes: a list of their versions, and each diagram as one A3 sheet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from huiyin.cases import present
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle.models import Migration
from huiyin.lifecycle.plan import under_way

PAGE = 30


@login_required
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Every version of the jurisdiction's processes, the ones in force first, with its cases under way."""
    jurisdiction: Jurisdiction = request.actor.person.jurisdiction
    known = Definition.objects.visible_to(request.actor).filter(jurisdiction=jurisdiction)
    newest = set(known.order_by("process", "-version").distinct("process").values_list("pk", flat=True))
    ordered = known.defer("diagram", "forms", "tables").order_by("-version", "process")
    page = Paginator(sorted(ordered, key=lambda row: row.pk not in newest), PAGE).get_page(
        request.GET.get("page")
    )
    counts = under_way(list(page), request.actor)
    rows = [(row, row.pk in newest, present.drawn_in(row), counts.get(row.pk, 0)) for row in page]
    batches = Migration.objects.visible_to(request.actor).select_related("source", "target", "by")
    context = {"rows": rows, "page": page, "batches": batches.order_by("-at")[:10]}
    return render(request, "web/definitions.html", context)


@login_required
@require_safe
def print_diagram(request: HttpRequest, definition_id: str, process: str = "") -> HttpResponse:
    """One diagram of a definition as a sheet of A3, landscape."""
    row = get_object_or_404(Definition.objects.visible_to(request.actor), public_id=definition_id)
    drawn = present.drawn_in(row)
    name = dict(drawn).get(process)
    if name is None:
        raise Http404
    context = {
        "definition": row,
        "process": process,
        "name": name,
        "drawn": drawn,
        "printed_on": time_source.today(),
    }
    return render(request, "web/print.html", context)
