"""The case and its work: tasks, completions, assignments, clocks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.querysets import CaseQuerySet, OfCaseQuerySet, TaskQuerySet
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction, Person, Place, Unit
from huiyin.rules.models import Profile


class Case(BaseModel):
    """
    One run of a definition: a matter, from the moment it is received until its process ends.

    `closed_at` is set while the asker may still say 没解决 (办结); `ended_at` when the diagram has reached an end (归档).
    """

    class Source(models.TextChoices):
        WEB = "web", _("网页")
        CODE = "code", _("扫码")
        STATION = "station", _("联络站代录")
        IMPORT = "import", _("导入")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("一般")
        URGENT = "urgent", _("紧急")

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="cases")
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="cases")
    kind = models.SlugField(max_length=60, help_text="The process, as in bpmn/<kind>/.")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cases")
    reporter = models.ForeignKey(Person, models.PROTECT, related_name="reported_cases")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="followed_cases")
    source = models.CharField(max_length=10, choices=Source)
    source_key = models.CharField(
        max_length=100, unique=True, null=True, blank=True, help_text="Refuses the same matter twice."
    )
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    restricted = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    profile = models.ForeignKey(
        Profile, models.PROTECT, related_name="+", help_text="The rules in force when it was received."
    )
    stage = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived_cases",
        help_text="The matter that this one was made from, such as a bill that became a suggestion.",
    )
    revision = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["reporter"], name="case_by_reporter"),
            models.Index(fields=["number"], name="case_by_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "number"], name="a_number_is_given_once_in_a_jurisdiction"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(closed_at__isnull=False),
                name="a_case_that_ended_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_case_has_an_outcome",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="rounds_count_from_one"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="a_case_is_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CaseText(models.Model):
    """The asker's words; apart from the case, whose row changes at every step."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="text")
    words = models.TextField()
    where = models.CharField(max_length=300, blank=True)
    sealed = SealedField()

    def __str__(self) -> str:
        return f"text of {self.case_id}"


class CaseState(models.Model):
    """Where the engine stands: a cursor, not a record."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="state")
    state = models.BinaryField()
    revision = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"state of {self.case_id} at {self.revision}"


class Fact(models.Model):
    """A named, typed value of a case that boards may filter on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="facts")
    name = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="a_fact_stands_once_in_a_case")]
        indexes = [models.Index(fields=["name", "text"], name="fact_by_value")]

    def __str__(self) -> str:
        return f"{self.name}={self.text or self.on}"


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
