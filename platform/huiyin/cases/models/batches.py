"""批量办理: one step of many matters done with one form, in the background."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huiyin.cases.models.work import Task
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person


class BatchQuerySet(models.QuerySet["Batch"]):
    """批量办理."""

    def visible_to(self, actor: Actor) -> BatchQuerySet:
        """One's own alone."""
        return self.filter(by=actor.person) if actor.person is not None else self.none()


class Batch(BaseModel):
    """The form that somebody sent once, for every task in `rows`."""

    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200, help_text="The step, as its tasks name it.")
    answers = SealedField()
    key = models.CharField(
        max_length=64, help_text="The idempotency key: the page that was sent twice starts one."
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="a_batch_is_started_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class BatchRow(models.Model):
    """One task of a batch: waiting, done, or refused with a sentence."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    task = models.ForeignKey(Task, models.CASCADE, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why it was refused.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "task"], name="a_task_is_once_in_a_batch"),
            models.CheckConstraint(
                condition=Q(error="") | Q(done_at__isnull=False), name="what_was_refused_was_tried"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.task_id}"
