"""The one who asked follows, confirms, rates, withdraws and says 没解决. Links show on GET and act on POST only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.cases import present, runtime, services
from huiyin.cases.models import Case, Contact, Task
from huiyin.cases.present.rounds import said_by
from huiyin.cases.services import marks, supplementing
from huiyin.core import errors, ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory import selectors as directory
from huiyin.directory.actors import PUBLIC, Actor
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.history import words
from huiyin.notices import services as notices
from huiyin.notices.models import Notice
from huiyin.web import codes, numbers, uploads


@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Find a case by the number and the code of its receipt."""
    number, code = (request.POST.get(name, "").replace("\0", "").strip() for name in ("number", "code"))
    problem = ""
    if request.method == "POST" and not (number and code):
        problem = _("请填写编号和查询码。")
    elif request.method == "POST":
        # Two counties may give the same number; the code says which matter is meant.
        prefixes = Definition.objects.visible_to(PUBLIC).values_list("number_prefix", flat=True).distinct()
        spellings = numbers.spellings_of(number, time_source.today().year, list(prefixes))
        found = Case.objects.filter(number__in=spellings).order_by("id")
        case = next((one for one in found if codes.fits(one, code)), None)
        if case is not None:
            codes.remember(request, case)
            return redirect("follow", case_id=case.public_id)
        problem = _("没有找到。请核对回执上的编号和查询码；回执遗失可致电联络站。")
    context = {"number": number, "code": code, "problem": problem}
    return render(request, "web/look_up.html", context, status=422 if problem else 200)


def _asker(request: HttpRequest, case_id: str) -> tuple[Case, Actor]:
    """The case and its asker; without the right code the case does not exist for this browser."""
    case = get_object_or_404(Case, public_id=case_id)
    actor = codes.asker_of(request, case)
    if actor is None:
        raise Http404
    return get_object_or_404(Case.objects.visible_to(actor), public_id=case_id), actor


@never_cache
@require_http_methods(["GET", "HEAD"])
def follow(request: HttpRequest, case_id: str) -> HttpResponse:
    """Where the matter stands, what was answered, and what is asked of the asker now."""
    case = get_object_or_404(Case, public_id=case_id)
    if (code := request.GET.get("code")) and codes.fits(case, code):
        codes.remember(request, case)
        return redirect("follow", case_id=case_id)
    if codes.asker_of(request, case) is None:
        return render(request, "web/look_up.html", {"number": case.number, "problem": ""})
    case, actor = _asker(request, case_id)
    answer = _page(request, case, actor)
    # What is seen here needs no telephone call any more.
    about = [case.pk, case.merged_into_id or case.pk]
    notices.hears(person_id=case.reporter_id, subject_kind="case", subject_ids=about, now=time_source.now())
    return answer


def _page(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    *,
    failed: str = "",
    values: object = None,
    problems: dict[str, str] | None = None,
    sentence: str = "",
    unreasoned: str = "",
    typed: list[str] | None = None,
    status: int = 422,
) -> HttpResponse:
    today = time_source.today()
    asked = _asked(case, actor, failed, {"values": values, "problems": problems})
    own = {task.public_id for task, _form, _key in asked}
    target = case.merged_into
    context = {
        "case": present.case(case, actor),
        "asked": asked,
        "said": said_by(case, actor.person),
        "turns": [row for row in present.waiting_on(case, today) if row.id not in own],
        "clock": present.answer_clock_of(case, today),
        "calls": present.calls_of(case),
        "entries": present.entries_of(case, actor, joined=True),
        "notices": _told(case, actor, asked_to_rate=any(task.form == "rate" for task, _form, _key in asked)),
        "can_withdraw": case.closed_at is None and marks.awaits(case, "withdraw"),
        "lead_reply": target.reply_rows.order_by("-round").first() if target else None,
        "sentence": sentence,
        "typed": typed,
        "unreasoned": unreasoned,
        "supplement": _supplement(
            case, {"values": values, "problems": problems} if failed == supplementing.FORM else {}
        ),
        "place": case.place,
        "station": directory.station_of(case.place),
    }
    return render(
        request, "web/follow.html", context, status=status if problems or sentence or unreasoned else 200
    )


def _asked(
    case: Case, actor: Actor, failed: str, refused: dict[str, Any]
) -> list[tuple[Task, rendering.FormView, str]]:
    """(task, its form, a key for its answer) of what waits for the asker."""
    return [
        (
            task,
            rendering.view(
                runtime.document_of(task, case.definition_id),
                **(refused if task.public_id == failed else {}),
            ),
            ids.new_id(),
        )
        for task in Task.objects.waiting_for(actor).filter(case=case)
    ]


def _supplement(case: Case, shown: dict[str, Any]) -> rendering.FormView | None:
    """The form with which the asker adds to it, where that can be done."""
    if not services.takes_supplements(case):
        return None
    document = runtime.of(case.definition_id).documents[supplementing.FORM]
    return rendering.view(document, prefix="more-", **shown)


def _told(case: Case, actor: Actor, *, asked_to_rate: bool) -> list[str]:
    """What was told lately and still holds: nobody is asked again for a rating that is given."""
    past = {"task_for_you"} if asked_to_rate else {"task_for_you", "answered", "reminder"}
    together = [case.pk, case.merged_into_id or case.pk]
    seen = Notice.objects.visible_to(actor).filter(subject_kind="case", subject_id__in=together)
    if Task.objects.open().filter(case=case, form="second_look").exists():
        rows = seen.filter(kind="closed_declined")  # what somebody else looks at again
    else:
        rows = seen.exclude(kind__in=past)
        said = case.completions.filter(by=actor.person).order_by("-at").first()
        if said is not None:
            rows = rows.filter(at__gt=said.at)  # what was told before is what the asker has answered
        if case.closed_at is None:
            rows = rows.exclude(kind__startswith="closed_")  # it was opened again since
    return [words.tell(f"notice_{row.kind}", row.facts, by="") for row in rows.order_by("-at")[:1]]


@require_POST
def answer(request: HttpRequest, case_id: str, task_id: str) -> HttpResponse:
    """Take the asker's rating, or the words of 没解决."""
    case, actor = _asker(request, case_id)
    task = get_object_or_404(
        Task.objects.visible_to(actor).filter(case=case, person=case.reporter), public_id=task_id
    )
    document, now = runtime.document_of(task, case.definition_id), time_source.now()
    posted, problems = uploads.posted_with_files(request, document, now)
    values = forms.read(document, posted)
    if problems:
        return _page(request, case, actor, failed=task_id, values=values, problems=problems)
    try:
        services.complete_task(
            task=task, answers=values, by=actor, now=now, key=request.POST.get("key", "")[:64] or ids.new_id()
        )
    except forms.AnswersRejected as rejected:
        return _page(request, case, actor, failed=task_id, values=values, problems=rejected.problems)
    except errors.Conflict:
        # Another window was faster: what stands here is not lost, it can be added.
        typed = [
            document.fields[name].kind.export(value, document.fields[name].ui)
            for name, value in values.items()
        ]
        said = _("您刚才已经提交过了，这一次没有提交。")
        return _page(
            request, case, actor, sentence=said, typed=[words for words in typed if words], status=409
        )
    rated = [
        values[name]
        for name, field in document.fields.items()
        if field.kind.name == "rating" and name in values
    ]
    if any(said["result"] == "dissatisfied" for said in rated):
        messages.success(request, _("已收到。您评价为不满意，人大会研究怎样重新办理，结果在本页告诉您。"))
    else:
        messages.success(request, _("已收到，谢谢您。"))
    return redirect("follow", case_id=case_id)


@require_POST
def add(request: HttpRequest, case_id: str) -> HttpResponse:
    """Add words and photos; who handles it is told."""
    case, actor = _asker(request, case_id)
    document = runtime.of(case.definition_id).documents.get(supplementing.FORM)
    if document is None:
        raise Http404
    now = time_source.now()
    posted, problems = uploads.posted_with_files(request, document, now)
    values = forms.read(document, posted)
    if not problems:
        try:
            services.add_supplement(case=case, answers=values, by=actor, now=now)
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except errors.Conflict as conflict:
            return _page(request, case, actor, sentence=conflict.sentence, status=conflict.status)
        else:
            messages.success(request, _("已补充，正在办理的人会收到通知。"))
            return redirect("follow", case_id=case_id)
    return _page(request, case, actor, failed=supplementing.FORM, values=values, problems=problems)


@require_POST
def withdraw(request: HttpRequest, case_id: str) -> HttpResponse:
    """Withdraw the matter."""
    case, actor = _asker(request, case_id)
    try:
        services.withdraw_case(
            case=case, reason=request.POST.get("reason", ""), by=actor, now=time_source.now()
        )
    except errors.Invalid as refusal:
        return _page(request, case, actor, unreasoned=refusal.sentence)
    except errors.Conflict as refusal:
        return _page(request, case, actor, sentence=refusal.sentence)
    messages.success(request, _("已撤回。"))
    return redirect("follow", case_id=case_id)


@require_POST
def confirm_contact(request: HttpRequest, case_id: str, contact_id: str) -> HttpResponse:
    """Say whether the unit really called."""
    case, actor = _asker(request, case_id)
    contact = get_object_or_404(Contact.objects.visible_to(actor).filter(case=case), public_id=contact_id)
    services.confirm_contact(
        contact=contact, happened=request.POST.get("happened") == "yes", by=actor, now=time_source.now()
    )
    messages.success(request, _("已记录，谢谢您。"))
    return redirect("follow", case_id=case_id)
