"""Batches in which running cases went over to another version of their process."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.core.models import BaseModel
from huiyin.definitions.models import Definition
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person


class MigrationQuerySet(QuerySet["Migration"]):
    """Batches."""

    def visible_to(self, actor: Actor) -> MigrationQuerySet:
        """Batches are those of the people who may begin one, in their own jurisdiction."""
        if actor.person is None or not actor.may("definition.migrate"):
            return self.none()
        return self.filter(target__jurisdiction=actor.person.jurisdiction)


class Migration(BaseModel):
    """A batch: the cases that ran on one version when it began are to go over to another."""

    source = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    target = models.ForeignKey(Definition, models.PROTECT, related_name="+")
    steps = models.JSONField(default=dict, help_text="Step of the old version -> step of the new one.")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reverted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reverted_at = models.DateTimeField(null=True)

    objects = MigrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="a_migration_leads_to_another_version"
            ),
            models.CheckConstraint(
                condition=Q(reverted_at__isnull=False) | Q(reverted_by__isnull=True),
                name="a_migration_is_reverted_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class MoveQuerySet(QuerySet["Move"]):
    """Cases of batches."""

    def visible_to(self, actor: Actor) -> MoveQuerySet:
        """Those of the batches that the actor may see; of the case they show the number alone."""
        return self.filter(migration__in=Migration.objects.visible_to(actor))

    def counts(self) -> dict[str, int]:
        """How many stand where."""
        return dict(self.order_by().values_list("status").annotate(Count("pk")))


class Move(models.Model):
    """One case of a batch, with what it was before."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("等待")
        MOVED = "moved", _("已迁移")
        FAILED = "failed", _("未能迁移")
        LEFT = "left", _("不再需要")
        RETURNED = "returned", _("已退回")
        STAYED = "stayed", _("留在新版本")

    migration = models.ForeignKey(Migration, models.PROTECT, related_name="moves")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    at = models.DateTimeField(null=True, help_text="When it moved, or was found not to.")
    state = models.BinaryField(null=True, help_text="The engine's state on the old version.")
    tasks = models.JSONField(default=list, help_text="What the tasks were, where the move changed them.")
    stage = models.CharField(max_length=40, blank=True)
    revision = models.PositiveIntegerField(null=True, help_text="Of the case when it had moved.")
    reasons = models.JSONField(
        default=list, help_text="[[step, code, other], …] of one that did not move or return."
    )

    objects = MoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["migration", "case"], name="a_case_moves_once_in_a_migration"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="waiting"), name="a_case_waits_for_one_migration"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "failed", "left"])
                | Q(state__isnull=False, revision__isnull=False, at__isnull=False),
                name="what_moved_can_be_taken_back",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["failed", "stayed"]) | ~Q(reasons=[]),
                name="a_case_stays_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["migration", "status"], name="move_by_status")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.status}"

    @property
    def facts(self) -> list[tuple[Any, ...]]:
        """The reasons as tuples: step, code, what else it names."""
        return [tuple(reason) for reason in self.reasons]
