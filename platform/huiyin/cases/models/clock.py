"""Running deadlines, and why they moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.case import Case
from huiyin.cases.models.work import Task
from huiyin.cases.querysets import OfCaseQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person
from huiyin.rules.models import Rule


class Clock(BaseModel):
    """A running deadline of a case, pinned to the rule that was in force when it started."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="clocks")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    started_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True, help_text="The moment, for rules counted in hours.")
    provisional = models.BooleanField(default=False)
    paused_on = models.DateField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="Ended without being met: the work was taken away."
    )

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("started_on")), name="clock_is_due_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(stopped_at__isnull=True), name="clock_is_met_or_stopped"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="clock_running",
                condition=Q(met_at__isnull=True, stopped_at__isnull=True),
            ),
            models.Index(fields=["case"], name="clock_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.rule.name} {self.due_on}"

    @property
    def is_running(self) -> bool:
        """Neither met nor stopped."""
        return self.met_at is None and self.stopped_at is None


class ClockChange(models.Model):
    """Why a due date moved: a pause, an extension, a calendar that became official."""

    class Why(models.TextChoices):
        PAUSE = "pause", _("暂停")
        EXTENSION = "extension", _("延期")
        CALENDAR = "calendar", _("日历更新")

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="changes")
    why = models.CharField(max_length=10, choices=Why)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    due_before = models.DateField()
    due_after = models.DateField()

    def __str__(self) -> str:
        return f"{self.why} {self.due_before} -> {self.due_after}"
