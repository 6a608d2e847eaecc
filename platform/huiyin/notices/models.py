"""Notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.core.models import BaseModel
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person


class NoticeQuerySet(QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """A notice is seen by the one it is for."""
        return self.filter(person=actor.person) if actor.person is not None else self.none()

    def unread(self) -> NoticeQuerySet:
        """Notices that were not opened yet."""
        return self.filter(read_at__isnull=True)


class Notice(BaseModel):
    """Something a person is told: a kind with its words, and the facts they need."""

    class Channel(models.TextChoices):
        SITE = "site", _("站内")

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.SITE)
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["subject_kind", "subject_id"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
