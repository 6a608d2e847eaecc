"""The work on a case: who has a part in it, what waits for whom, who answered what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.case import Case
from huiyin.cases.querysets import OfCaseQuerySet, TaskQuerySet, UnsentQuerySet
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.definitions.models import Definition
from huiyin.directory import addresses
from huiyin.directory.models import Person, Place, Unit


class Assignment(BaseModel):
    """A unit's part in a case: 主办 or 协办, in one round. Re-assigning edits the row; the engine knows only its id."""

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        CO = "co", _("协办")

    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=5, choices=Part)
    round = models.PositiveSmallIntegerField()
    assigned_at = models.DateTimeField()
    handler = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="承办人: to whom the unit gave it.",
    )
    inside_due_on = models.DateField(
        null=True, blank=True, help_text="The unit's own deadline, before the legal one."
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "unit"], name="a_unit_is_assigned_once_a_round"),
            models.UniqueConstraint(
                fields=["case", "round"], condition=Q(part="lead"), name="a_round_has_one_lead_unit"
            ),
        ]
        indexes = [models.Index(fields=["unit", "case"], name="assignment_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_part_display()}"


class Task(BaseModel):
    """
    A step that waits for a person.

    It stores where its address leads (role, unit, place or person); the people are found when it is read.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("待办")
        DONE = "done", _("已办")
        CANCELLED = "cancelled", _("已取消")
        #: a unit's own step that was cut off some days after its deadline (未提出意见)
        LAPSED = "lapsed", _("逾期终止")

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    key = models.CharField(max_length=40, help_text="The engine's name for this waiting step.")
    frame = models.CharField(max_length=40, blank=True)
    step_id = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    form = models.CharField(max_length=60)
    address = models.CharField(max_length=100)
    role = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="tasks")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="tasks")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="tasks")
    not_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is left out, where another must do it (另一人办理).",
    )
    assignment = models.ForeignKey(
        Assignment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
        help_text="Gone where a unit was only proposed and another took its part.",
    )
    round = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    after_close = models.BooleanField(
        default=False, help_text="An invitation on a closed case; no work is late for it."
    )
    due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="claimed_tasks"
    )
    inside_due_on = models.DateField(
        null=True, blank=True, help_text="The unit's own deadline, before the legal one."
    )
    revision = models.PositiveIntegerField(default=0)
    done_under = models.ForeignKey(
        Definition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version under which it closed, where its case has moved to another since.",
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="the_engine_names_a_task_once"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="a_task_is_open_until_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, place__isnull=True, person__isnull=True)
                | Q(unit__isnull=True, place__isnull=False, person__isnull=True)
                | Q(unit__isnull=True, place__isnull=True, person__isnull=False),
                name="a_task_waits_at_one_address",
            ),
            models.CheckConstraint(
                condition=Q(not_person__isnull=True) | Q(place__isnull=False),
                name="somebody_is_left_out_only_where_others_are",
            ),
            models.CheckConstraint(
                condition=Q(done_under__isnull=True) | ~Q(status="open"),
                name="an_open_task_is_of_the_version_of_its_case",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_on", "id"], name="task_open_by_unit", condition=Q(status="open")
            ),
            models.Index(
                fields=["place", "role", "due_on", "id"],
                name="task_open_by_place",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["person", "due_on", "id"], name="task_open_by_person", condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_status_display()}"

    @property
    def target(self) -> addresses.Target:
        """Where the address leads."""
        return addresses.Target(self.role, self.unit_id, self.place_id, self.person_id, self.not_person_id)


class Unsent(models.Model):
    """
    暂存: what a person has typed into a form and not sent; seen by that person alone, and gone once it is sent.

    The form is a task's own, one beside it (its progress, say), or the first of a process that the person begins.
    """

    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="unsent")
    form = models.CharField(
        max_length=60,
        blank=True,
        help_text="The form beside the task, or the process that is begun without one.",
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    words = SealedField()
    saved_at = models.DateTimeField()

    objects = UnsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "form", "person"],
                name="a_person_has_one_set_of_unsent_words_in_a_form",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=False) | ~Q(form=""), name="unsent_words_belong_to_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"unsent words of {self.person_id} at {self.task_id or self.form}"

    @property
    def version(self) -> str:
        """Tells what one window kept from what another did."""
        return self.saved_at.isoformat()


class Completion(models.Model):
    """Who answered what, when. Sensitive answers are sealed."""

    task = models.OneToOneField(Task, models.PROTECT, primary_key=True, related_name="completion")
    case = models.ForeignKey(Case, models.PROTECT, related_name="completions")
    by = models.ForeignKey(Person, models.PROTECT, related_name="completions")
    on_behalf_of = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField()
    sealed = SealedField()
    #: One request may do several tasks of a case (批量办理): the key tells a repeated one within its task.
    key = models.CharField(max_length=64, help_text="The idempotency key of the request.")

    objects = OfCaseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.task_id} by {self.by_id}"
