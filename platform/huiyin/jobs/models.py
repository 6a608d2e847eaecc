"""Jobs and the incidents they end in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.core.models import BaseModel
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person
from huiyin.directory.roles import Role


class Job(models.Model):
    """Work due at a moment. `key` makes enqueueing the same work twice harmless."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("等待")
        HELD = "held", _("由回放掌握")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        SKIPPED = "skipped", _("已跳过")

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    args = models.JSONField(default=dict, help_text="Ids only, never personal data.")
    key = models.CharField(max_length=120, unique=True)
    group = models.CharField(
        max_length=80, blank=True, help_text="Rows of a subject that are taken back together."
    )
    due_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True, help_text="By the database's clock.")
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="job_waiting", condition=Q(status="waiting")),
            models.Index(
                fields=["subject_kind", "subject_id"],
                name="job_by_subject",
                condition=Q(status__in=["waiting", "held"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"


class IncidentQuerySet(QuerySet["Incident"]):
    """Incidents."""

    def visible_to(self, actor: Actor) -> IncidentQuerySet:
        """Incidents are the administrator's."""
        return self.all() if actor.with_role(Role.ADMIN) else self.none()

    def open(self) -> IncidentQuerySet:
        """Those that wait for a decision."""
        return self.filter(resolved_at__isnull=True)


class Incident(BaseModel):
    """Work that failed and waits for a decision of the operator: try it again, or leave it with a reason."""

    class Resolution(models.TextChoices):
        RETRIED = "retried", _("已重试")
        SKIPPED = "skipped", _("已跳过")
        CORRECTED = "corrected", _("更正后重试")

    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="incidents")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    what = models.CharField(max_length=60, help_text="The job's kind, or the act that failed.")
    step_id = models.CharField(max_length=100, blank=True)
    error = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=10, choices=Resolution, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    resolved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=Q(resolved_at__isnull=True), name="a_job_has_one_open_incident"
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "what", "step_id"],
                condition=Q(resolved_at__isnull=True, job__isnull=True),
                name="an_act_that_fails_again_is_the_same_incident",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="an_incident_is_resolved_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.error}"
