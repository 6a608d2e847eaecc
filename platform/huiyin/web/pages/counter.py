"""The counter's papers for somebody without a telephone: 转办告知单, 答复单, and 送达 in the matter's record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huiyin.cases import present, services
from huiyin.cases.models import Case, Delivery
from huiyin.core import errors, time_source
from huiyin.directory import selectors as directory
from huiyin.directory.actors import Actor
from huiyin.web.fields import day_in

ACT = "case.deliver"


def offers(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What the counter may print and record of a citizen's matter; None for anybody else, and for other matters."""
    if case.definition.starters or not actor.may(ACT, case.place):
        return None
    return {
        "handed": bool(present.handed_to(case)),
        "reply": services.newest_reply(case),
        "ways": Delivery.Way.choices,
    }


def _find(request: HttpRequest, case_id: str) -> Case:
    """
    A citizen's matter, for those who may give its papers out.

    :raises NotYourAct: for anybody else
    """
    seen = Case.objects.visible_to(request.actor).select_related("place", "definition", "text", "deputy")
    case = get_object_or_404(seen, public_id=case_id)
    request.actor.require(ACT, case.place)
    if case.definition.starters:
        raise Http404
    return case


def _paper(request: HttpRequest, case: Case, page: str, **context: Any) -> HttpResponse:
    about = {"case": case, "place": case.place, "station": directory.station_of(case.place)}
    return render(request, page, {**about, "today": time_source.today(), **context})


@login_required
@never_cache
@require_safe
def answer_sheet(request: HttpRequest, case_id: str) -> HttpResponse:
    """答复单: the newest answer in large type, with room for the signature of whoever takes it."""
    case = _find(request, case_id)
    return _paper(request, case, "web/answer_sheet.html", reply=services.newest_reply(case))


@login_required
@never_cache
@require_safe
def handover_sheet(request: HttpRequest, case_id: str) -> HttpResponse:
    """转办告知单: who handles the matter now, under which rule, until when, and whom to ask."""
    case = _find(request, case_id)
    clock = present.answer_clock_of(case, time_source.today())
    return _paper(request, case, "web/handover_sheet.html", handed=present.handed_to(case), clock=clock)


def _deliver(request: HttpRequest, case: Case) -> str:
    posted = request.POST
    if posted.get("way") not in Delivery.Way.values:
        raise errors.Invalid(_("请选择送达方式"))
    services.record_delivery(
        case=case,
        on=day_in(posted.get("on", "")),
        way=posted["way"],
        to=posted.get("to", ""),
        by=request.actor,
        now=time_source.now(),
    )
    return _("送达已登记。")


def _write_down(request: HttpRequest, case: Case) -> str:
    text = request.POST.get("text", "")
    services.write_down(case=case, text=text, by=request.actor, now=time_source.now())
    return _("听写已保存，和录音放在一起。")


#: What the page of a case does for the counter, by the last part of its address.
ACTS: Mapping[str, Callable[[HttpRequest, Case], str]] = {"deliver": _deliver, "hearing": _write_down}
