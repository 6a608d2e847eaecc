"""疑似重复: two matters side by side, and what an office makes of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.cases import runtime
from huiyin.cases.models import Case, Task
from huiyin.congress import alike, services
from huiyin.congress.models import CasePair
from huiyin.core import errors, ids, time_source
from huiyin.web import grid, row_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alike_cases(request: HttpRequest, case_id: str) -> HttpResponse:
    """A matter beside the one that is likest, or the one that is chosen; linking them, or telling them apart."""
    seen = Case.objects.visible_to(request.actor).select_related("text", "reporter", "place", "definition")
    case = get_object_or_404(seen, public_id=case_id)
    request.actor.require("case.compare", case.place)
    sentence, status = "", 200
    if request.method == "POST":
        other = get_object_or_404(seen, public_id=request.POST.get("other", ""))
        verdict = request.POST.get("verdict", "")
        try:
            if verdict not in CasePair.Verdict.values:
                raise errors.Invalid(_("请选择怎样处理。"))
            services.compare_cases(
                one=case, other=other, verdict=verdict, by=request.actor, now=time_source.now()
            )
        except errors.Refusal as refusal:
            sentence, status = refusal.sentence, refusal.status
        else:
            messages.success(request, _said(verdict))
            return redirect("alike", case_id=case_id)
    found = alike.likely(case, request.actor)
    wanted = request.GET.get("with", "")
    other_one = next((one for one in found if one.case.public_id == wanted), found[0] if found else None)
    context = {
        "case": case,
        "found": found,
        "other": other_one,
        "merging": _merging(request, case),
        "key": ids.new_id(),
        "sentence": sentence,
    }
    return render(request, "web/alike.html", context, status=status)


def _said(verdict: str) -> str:
    if verdict == CasePair.Verdict.LINKED:
        return _("已关联，两件的记录里都写明了。")
    return _("已记下，不再作为疑似重复提示。")


def _merging(request: HttpRequest, case: Case) -> dict[str, str] | None:
    """The names of the fields with which the step that waits for the actor merges the matter (并案), if it can."""
    for task in Task.objects.waiting_for(request.actor).filter(case=case).order_by("id"):
        document = runtime.document_of(task, case.definition_id)
        into = next((one for one in document.fields.values() if one.kind.name == "case"), None)
        condition = into.ui.get("show_if") if into else None
        if into is None or condition is None or not row_form.fits(document):
            continue
        prefix = f"{grid.ROW}{task.public_id}."
        return {
            "step": task.step_id,
            "task": task.public_id,
            "revision_name": f"{prefix}revision",
            "revision": str(task.revision),
            "decides": f"{prefix}{condition['field']}",
            "value": condition["is"][0],
            "into": f"{prefix}{into.name}",
            "reason": f"{prefix}reason",
        }
    return None
