"""Tasks: what waits for me, and doing it."""

from __future__ import annotations

import hashlib
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import shapes
from api.acts import TranscriptionField
from api.base import KEY_HEADER, AnswersField, In, Listed, key_of
from api.consultations import ConsultationOut
from api.pagination import ByDue
from huiyin.cases import present, runtime, services
from huiyin.cases.models import Task
from huiyin.cases.present import choices
from huiyin.core import time_source
from huiyin.directory.models import Person
from huiyin.forms.document import Document


class TaskFilter(filters.FilterSet):
    """Which of my tasks."""

    step = filters.CharFilter(field_name="step_id", help_text="The step's id in the diagram.")
    kind = filters.CharFilter(field_name="case__kind", help_text="The process, such as `matter`.")
    case = filters.CharFilter(field_name="case__public_id", help_text="A case's id.")
    late = filters.BooleanFilter(method="by_lateness", help_text="Past its due date, or not.")
    claimed_by_me = filters.BooleanFilter(method="by_claim", help_text="Claimed by me, or by nobody.")
    after_close = filters.BooleanFilter(help_text="Invitations on closed cases, or only work.")

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()

    def by_lateness(self, tasks: QuerySet[Task], name: str, late: bool) -> QuerySet[Task]:
        """Late is what a deadline has passed; an invitation on a closed case is never late."""
        past = Q(due_on__lt=time_source.today(), after_close=False)
        return tasks.filter(past) if late else tasks.exclude(past)

    def by_claim(self, tasks: QuerySet[Task], name: str, mine: bool) -> QuerySet[Task]:
        """The list never holds what a colleague has claimed."""
        return tasks.filter(claimed_by__isnull=not mine)


class TaskOut(shapes.TurnOut):
    """A task."""

    step = serializers.CharField(help_text="The step's id in the diagram.")
    status = serializers.ChoiceField(Task.Status.choices)
    case = serializers.CharField(source="case_id")
    number = serializers.CharField()
    title = serializers.CharField()
    place = serializers.CharField()
    round = serializers.IntegerField()
    claimed_by_me = serializers.BooleanField()
    inside_due_on = serializers.DateField(allow_null=True, help_text="The unit's own deadline.")
    after_close = serializers.BooleanField(
        help_text="An invitation on a closed case; no work is late for it."
    )
    revision = serializers.IntegerField(help_text="To be sent back as `seen_revision`.")


class OptionOut(serializers.Serializer):
    """One choice of a field."""

    value = serializers.CharField()
    label = serializers.CharField()


class FormOut(serializers.Serializer):
    """A form: what it asks, and the JSON Schema that the answers must fit."""

    name = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    schema = serializers.DictField(help_text="JSON Schema 2020-12.")
    ui = serializers.DictField(help_text="Order, labels, help, options and conditions of the fields.")


def form_of(name: str, document: Document) -> dict[str, Any]:
    """A form as :class:`FormOut` takes it; the schema is the one by which the services check."""
    return {"name": name, "title": document.title, "schema": document.full_schema, "ui": document.ui}


class TaskDetailOut(TaskOut):
    """A task with its form."""

    waits_for_me = serializers.BooleanField()
    form = FormOut()
    options = serializers.DictField(
        child=OptionOut(many=True), help_text="The options of units and deputies, by kind of field."
    )


class CompleteTaskIn(In):
    """Answers to a task's form."""

    answers = AnswersField()
    seen_revision = serializers.IntegerField(
        min_value=0, help_text="The task's `revision` as the person saw it."
    )
    transcription = TranscriptionField()


class ExplainIn(In):
    """Why a task is late."""

    words = serializers.CharField(max_length=1000)


class GiveTaskIn(In):
    """To whom a unit's task is given, and by when."""

    person = serializers.CharField(help_text="A person's id: somebody of the unit or of one of its sections.")
    due_on = serializers.DateField(required=False, help_text="The unit's own deadline, not after the task's.")


class AskSignerIn(In):
    """Whose opinion is asked for, and on what."""

    person = serializers.CharField(help_text="A colleague's id.")
    words = serializers.CharField(max_length=2000)


class PassForReadingIn(In):
    """To whom the matter is passed to read."""

    people = serializers.ListField(
        child=serializers.CharField(), min_length=1, max_length=100, help_text="Colleagues' ids."
    )
    words = serializers.CharField(max_length=2000, allow_blank=True, default="")


@extend_schema_view(
    list=extend_schema(summary="What waits for me, due first"),
    retrieve=extend_schema(summary="A task with its form and its options", responses=TaskDetailOut),
)
class TaskViewSet(Listed):
    """Tasks that wait for the actor; those of visible cases can be read."""

    model = Task
    serializer_class = TaskOut
    filterset_class = TaskFilter
    pagination_class = ByDue

    def narrow(self, seen: QuerySet[Task]) -> QuerySet[Task]:
        """The list holds what waits for the actor."""
        rows = seen.with_what_rows_show()  # type: ignore[attr-defined]
        return rows.waiting_for(self.actor) if self.action == "list" else rows  # type: ignore[attr-defined]

    def present(self, row: Task) -> dict[str, Any]:
        """The row of the work list, and where the task stands."""
        person = self.actor.person
        shown = present.task_row(row, self.today, person.pk if person else None)
        return {**vars(shown), "step": row.step_id, "status": row.status, "after_close": row.after_close}

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A task with its form."""
        row = self.get_object()
        document = runtime.document_of(row, row.case.definition_id)
        mine = Task.objects.waiting_for(self.actor).filter(pk=row.pk).exists()
        shown = self.present(row) | {"form": form_of(row.form, document), "waits_for_me": mine}
        shown["options"] = self._options(row, document)
        return Response(TaskDetailOut(shown).data)

    def _options(self, row: Task, document: Document) -> dict[str, list[dict[str, str]]]:
        asked = {field.kind.name for field in document.fields.values()}
        found = choices.choices_of(row.case, self.today).items()
        return {
            kind: [{"value": value, "label": label} for value, label in options]
            for kind, options in found
            if kind in asked
        }

    @extend_schema(summary="Claim a task, so that colleagues see who works on it", request=None)
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, **kwargs: object) -> Response:
        """Claim a task."""
        return self._shown(services.take_task(task=self.get_object(), by=self.actor, now=self.now))

    @extend_schema(summary="Put a claimed task back into the queue", request=None)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, **kwargs: object) -> Response:
        """Return a task."""
        return self._shown(services.return_task(task=self.get_object(), by=self.actor, now=self.now))

    @extend_schema(
        summary="Take back what one has just done, until the next person acts (收回)", request=None
    )
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, **kwargs: object) -> Response:
        """Recall a task; it is open again and its words wait in the form."""
        return self._shown(services.recall_task(task=self.get_object(), by=self.actor, now=self.now))

    @extend_schema(summary="Give a unit's task to one of its people", request=GiveTaskIn)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, **kwargs: object) -> Response:
        """Give a task."""
        task, body = self.get_object(), GiveTaskIn.checked(request)
        people = Person.objects.filter(jurisdiction=task.case.jurisdiction_id)
        to = get_object_or_404(people, public_id=body["person"])
        due_on = body.get("due_on")
        return self._shown(services.give_task(task=task, to=to, by=self.actor, now=self.now, due_on=due_on))

    @extend_schema(summary="Say why a task is late (超期说明)", request=ExplainIn, responses={204: None})
    @action(detail=True, methods=["post"], url_path="explain-lateness")
    def explain_lateness(self, request: Request, **kwargs: object) -> Response:
        """Explain; the task stays open. The same words again are one note."""
        body = ExplainIn.checked(request)
        services.explain_lateness(task=self.get_object(), by=self.actor, now=self.now, **body)
        return Response(status=204)

    @extend_schema(
        summary="Ask a colleague for an opinion (加签), without which the task can't be completed",
        request=AskSignerIn,
        responses={201: ConsultationOut},
    )
    @action(detail=True, methods=["post"], url_path="ask-signer", url_name="ask-signer")
    def ask_signer(self, request: Request, **kwargs: object) -> Response:
        """Ask a colleague to sign."""
        task, body = self.get_object(), AskSignerIn.checked(request)
        (to,) = self._people(task, [body["person"]])
        row = services.ask_signer(task=task, to=to, words=body["words"], by=self.actor, now=self.now)
        return Response(ConsultationOut(row).data, status=201)

    @extend_schema(
        summary="Pass the matter to colleagues to read (传阅)",
        request=PassForReadingIn,
        responses={201: ConsultationOut(many=True)},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="pass-for-reading",
        url_name="pass-for-reading",
        pagination_class=None,
        filterset_class=None,
    )
    def pass_for_reading(self, request: Request, **kwargs: object) -> Response:
        """Pass it on to read."""
        task, body = self.get_object(), PassForReadingIn.checked(request)
        to = self._people(task, body["people"])
        rows = services.pass_for_reading(task=task, to=to, words=body["words"], by=self.actor, now=self.now)
        return Response(ConsultationOut(rows, many=True).data, status=201)

    @extend_schema(
        summary="Answer a task's form and let the case go on", request=CompleteTaskIn, parameters=[KEY_HEADER]
    )
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, **kwargs: object) -> Response:
        """Complete a task."""
        task, key = self._at_hand(), key_of(request)
        body = CompleteTaskIn.checked(request)
        key = self._own(task, key)
        done = services.complete_task(task=task, by=self.actor, now=self.now, key=key, **body)
        # The service gives the bare row; whose turn it was is known.
        done.unit = task.unit
        return Response(TaskOut(self.present(done)).data)

    def _at_hand(self) -> Task:
        """
        The task: at once where it waits for the caller, who then sees it; else among all that the caller sees, so that one
        that was done meanwhile is told as done.
        """
        found = Task.objects.one_waiting_for(self.actor, self.kwargs["id"])
        return self.get_object() if found is None else found

    def _people(self, task: Task, ids: list[str]) -> list[Person]:
        """The people of the ids; 404 if one is unknown."""
        known = Person.objects.visible_to(self.actor).filter(jurisdiction=task.case.jurisdiction_id)
        return [get_object_or_404(known, public_id=one) for one in dict.fromkeys(ids)]

    def _own(self, task: Task, key: str) -> str:
        """The key made the person's and the task's own, so that equal keys of two callers never meet."""
        text = f"{self.request.user.person.public_id} {task.public_id} {key}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _shown(self, task: Task) -> Response:
        # The service returns the bare row; read it again with what is shown of it. Who has just done something to a task is
        # told how it stands, also where the matter went out of sight with it.
        return Response(TaskOut(self.present(self.narrow(Task.objects.filter(pk=task.pk)).get())).data)
