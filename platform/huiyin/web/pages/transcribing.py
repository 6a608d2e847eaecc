"""代录: the congress office or a station enters what came on paper or by telephone; one page for each act of an asker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.cases import present, runtime, services, texts
from huiyin.cases.models import Case, Contact, Task
from huiyin.cases.present.choices import choices_of
from huiyin.cases.services import marks, transcribing
from huiyin.congress import importing, signing
from huiyin.congress import present as congress
from huiyin.congress import services as congress_services
from huiyin.core import errors, ids, time_source
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.forms import answers as forms
from huiyin.forms import rendering
from huiyin.forms.document import Document
from huiyin.web import sending, uploads
from huiyin.web.numbers import number_in
from huiyin.web.pages.task import find_task


def _one_field(name: str, kind: str, zh: str, en: str, **ui: Any) -> Document:
    schema = {"type": "object", "properties": {name: {}}, "required": [name]}
    field = {"kind": kind, "label": {"zh": zh, "en": en}, **ui}
    heading = {"zh": "代录", "en": "Enter for another"}
    return Document(
        {"title": heading, "schema": schema, "ui": {"order": [name], "fields": {name: field}}}, f"web/{name}"
    )


MOVER = _one_field("mover", "deputy", "提出代表", "Deputy who moves it")
SIGNERS = _one_field("signers", "invitations", "纸上签名的代表", "Deputies who signed on paper")
REASON = _one_field("reason", "text", "撤回的原因", "Reason for the withdrawal")
HAPPENED = _one_field(
    "happened", "choice", "是否属实", "Did it take place?",
    options={"yes": {"zh": "属实", "en": "Yes"}, "no": {"zh": "没有联系过", "en": "No contact"}},
)  # fmt: skip

Answers = dict[str, Any]


def to_enter(case: Case, actor: Actor) -> list[tuple[str, str]]:
    """(address, what it is) of what the actor may enter for the askers of a case; most may enter nothing."""
    tasks = (
        Task.objects.open()
        .filter(case=case, person__isnull=False)
        .select_related("case__definition", "person")
    )
    found = [
        (reverse("task_for", args=[task.public_id]), present.step_name(task))
        for task in tasks
        if transcribing.may(task, actor)
    ]
    if case.closed_at is None and transcribing.may_for(case, case.reporter, actor):
        if case.definition.starters and signing.is_open(case):
            found.append((reverse("signatures_for", args=[case.public_id]), _("附议签名")))
        if marks.awaits(case, "withdraw"):
            found.append((reverse("withdrawal_for", args=[case.public_id]), _("撤回申请")))
    return found


def _read(request: HttpRequest, documents: tuple[Document, ...]) -> tuple[list[Answers], dict[str, str]]:
    """What each form of a page was answered, and what is wrong with it by itself."""
    values: list[Answers] = []
    problems: dict[str, str] = {}
    for document in documents:
        posted, wrong = uploads.posted_with_files(request, document, time_source.now())
        values.append(forms.read(document, posted))
        problems |= {**sending.problems_of(document, values[-1]), **wrong}
    return values, problems


def _handle(
    request: HttpRequest,
    documents: tuple[Document, ...],
    act: Callable[[list[Answers]], HttpResponse],
    *,
    choices: Mapping[str, rendering.Choices],
    **context: Any,
) -> HttpResponse:
    """Show the forms of a page as one, or let `act` send them; whatever refuses them, every word is kept."""
    came = {"way": "paper", "on": time_source.today().isoformat()}  # as most of it comes
    values: list[Answers] = [
        {name: came for name, field in document.fields.items() if field.kind.name == "transcription"}
        for document in documents
    ]
    problems: dict[str, str] = {}
    sentence, status = "", 200
    if request.method == "POST":
        status = 422
        values, problems = _read(request, documents)
        try:
            if not problems:
                return act(values)
        except forms.AnswersRejected as rejected:
            problems = rejected.problems
        except errors.Refusal as refusal:
            sentence, status = refusal.sentence, refusal.status
    views = [
        rendering.view(
            document,
            values=values[number],
            problems={name: problems[name] for name in problems if name in document.fields},
            choices=choices,
        )
        for number, document in enumerate(documents)
    ]
    context["rates"] = any("rating" in document.kinds for document in documents)
    context |= {"form": rendering.joined(*views), "sentence": sentence, "key": _key(request)}
    return render(request, "web/transcribe.html", context, status=status)


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:64] or ids.new_id()


def _sheet_of(case: Case) -> Document:
    document = runtime.of(case.definition_id).documents.get(transcribing.FORM)
    if document is None:
        raise Http404
    return document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_for(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a matter that a deputy sent on paper; its draft then waits for the signatures on the sheet."""
    today, actor = time_source.today(), request.actor
    newest = Definition.objects.visible_to(actor).newest(actor.person.jurisdiction, kind)
    definition = get_object_or_404(newest[:1])
    run = runtime.of(definition.pk)
    places = importing.congresses_to_enter_in(actor, definition, today)
    if not places:
        raise Http404
    wanted = request.POST.get("place") or request.GET.get("place")
    place = next((one for one in places if one.public_id == wanted), places[0])

    def act(values: list[Answers]) -> HttpResponse:
        mover, sheet, answers = values
        people = Person.objects.filter(jurisdiction=definition.jurisdiction_id)
        case = services.start_case(
            definition=definition,
            answers=answers,
            place=place,
            now=time_source.now(),
            by=actor,
            asker=people.filter(public_id=mover["mover"]).first(),
            source=Case.Source.OFFICE,
            source_key=sending.key_of(f"{actor.person.public_id}:{_key(request)}", mover | answers),
            transcription=sheet,
        )
        messages.success(
            request, _("已代录为 %(number)s，请接着代录附议签名和提交。") % {"number": case.number}
        )
        return redirect("case", case_id=case.public_id)

    deputies = congress.deputies_at(place, today)
    choices = {"deputy": deputies, "invitations": deputies}
    documents = (MOVER, run.documents[transcribing.FORM], run.first_form)
    return _handle(request, documents, act, choices=choices, places=places, place=place)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_for(request: HttpRequest, task_id: str) -> HttpResponse:
    """Enter the answers of the one person for whom a task waits."""
    task = find_task(request, task_id)
    if request.method != "POST" and not transcribing.may(task, request.actor):
        raise Http404
    case = task.case

    def act(values: list[Answers]) -> HttpResponse:
        sheet, answers = values
        services.complete_task(
            task=task,
            answers=answers,
            by=request.actor,
            now=time_source.now(),
            key=_key(request),
            seen_revision=number_in(request.POST.get("seen_revision", "")),
            transcription=sheet,
        )
        messages.success(request, _("已代录「%(task)s」。") % {"task": present.step_name(task)})
        return redirect("case", case_id=case.public_id)

    return _handle(
        request,
        (_sheet_of(case), runtime.document_of(task, case.definition_id)),
        act,
        choices=choices_of(case, time_source.today()),
        case=present.case(case, request.actor),
        revision=request.POST.get("seen_revision", task.revision),
        person=task.person,
        what=present.step_name(task),
    )


def _handle_act(
    request: HttpRequest,
    case_id: str,
    document: Document,
    what: str,
    do: Callable[[Case, list[Answers], dict[str, Any]], object],
) -> HttpResponse:
    """A page for what an asker does beside the tasks; `do` is given the case, the answers, and who acts when."""
    seen = Case.objects.visible_to(request.actor).select_related(
        "place", "definition", "reporter", "deputy", "text", "merged_into"
    )
    case, now = get_object_or_404(seen, public_id=case_id), time_source.now()
    if not transcribing.may_for(case, case.reporter, request.actor):
        raise Http404

    def act(values: list[Answers]) -> HttpResponse:
        do(case, values, {"by": request.actor, "now": now, "transcription": values[0]})
        messages.success(request, _("已代录「%(task)s」。") % {"task": what})
        return redirect("case", case_id=case_id)

    return _handle(
        request,
        (_sheet_of(case), document),
        act,
        choices=congress.choices_at(case.place, case.reporter, time_source.day_of(now)),
        case=present.case(case, request.actor),
        person=case.reporter,
        what=what,
        text_hash=request.POST.get("text") or texts.text_hash(case),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signatures_for(request: HttpRequest, case_id: str) -> HttpResponse:
    """Enter the sheet on which deputies have signed a matter."""

    def do(case: Case, values: list[Answers], who: dict[str, Any]) -> object:
        people = list(Person.objects.filter(public_id__in=values[1]["signers"]))
        seen_hash = request.POST.get("text", "")
        return congress_services.enter_signatures(case=case, people=people, seen_hash=seen_hash, **who)

    return _handle_act(request, case_id, SIGNERS, _("附议签名"), do)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal_for(request: HttpRequest, case_id: str) -> HttpResponse:
    """Enter the letter with which a matter is taken back."""

    def do(case: Case, values: list[Answers], who: dict[str, Any]) -> object:
        return services.withdraw_case(case=case, reason=values[1]["reason"], **who)

    return _handle_act(request, case_id, REASON, _("撤回申请"), do)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_for(request: HttpRequest, case_id: str, contact_id: str) -> HttpResponse:
    """Enter what the asker says of a contact that a unit recorded."""

    def do(case: Case, values: list[Answers], who: dict[str, Any]) -> object:
        contacts = Contact.objects.visible_to(request.actor).filter(case=case)
        contact = get_object_or_404(contacts, public_id=contact_id)
        return services.confirm_contact(contact=contact, happened=values[1]["happened"] == "yes", **who)

    return _handle_act(request, case_id, HAPPENED, _("对沟通记录的确认"), do)
