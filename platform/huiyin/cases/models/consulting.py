"""加签 and 传阅: what a handler asks of colleagues beside the diagram."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.records import Record
from huiyin.cases.models.work import Task
from huiyin.cases.querysets import ConsultationQuerySet
from huiyin.directory.models import Person


class Consultation(Record):
    """
    A colleague is asked for an opinion before a task is completed (加签), or to read the matter (传阅).

    The opinion is an opinion: one that disagrees is shown to whoever decides, and binds nobody.
    """

    class Kind(models.TextChoices):
        SIGN = "sign", _("加签")
        READ = "read", _("传阅")

    kind = models.CharField(max_length=5, choices=Kind)
    task = models.ForeignKey(Task, models.PROTECT, related_name="consultations")
    to = models.ForeignKey(Person, models.PROTECT, related_name="consultations")
    question = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True, help_text="Only of an opinion.")
    answer = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["task", "kind", "to"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="a_person_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(to=F("by")), name="nobody_asks_oneself"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="a_request_is_answered_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(kind="sign", answered_at__isnull=False, agrees__isnull=False)
                | (Q(agrees__isnull=True) & (Q(kind="read") | Q(answered_at__isnull=True))),
                name="an_answered_opinion_agrees_or_not",
            ),
            models.CheckConstraint(
                condition=Q(kind="read") | ~Q(question=""), name="an_opinion_is_asked_with_words"
            ),
            models.CheckConstraint(
                condition=Q(agrees__isnull=True) | Q(agrees=True) | ~Q(answer=""),
                name="an_opinion_that_disagrees_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(answer=""),
                name="a_request_without_answer_has_no_words",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to"],
                name="consultation_waiting",
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} asked of {self.to_id}"

    @property
    def is_waiting(self) -> bool:
        """As `unanswered()` has it, of a row read with its task."""
        is_over = self.kind == self.Kind.SIGN and self.task.status != Task.Status.OPEN
        return self.answered_at is None and self.withdrawn_at is None and not is_over
