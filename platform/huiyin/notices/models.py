"""Notices."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.core.models import BaseModel
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person

#: A short message that has not gone out for so long is told by telephone instead.
PATIENCE = timedelta(days=1)


class NoticeQuerySet(QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """A notice is seen by the one it is for."""
        return self.filter(person=actor.person) if actor.person is not None else self.none()

    def unread(self) -> NoticeQuerySet:
        """Notices that were not opened yet."""
        return self.filter(read_at__isnull=True)

    def to_bring(self) -> NoticeQuerySet:
        """What somebody without an account has not heard of yet, by any way."""
        return self.unread().filter(state=Notice.State.WAITING).exclude(channel=Notice.Channel.SITE)

    def to_call(self, now: datetime) -> NoticeQuerySet:
        """Those that wait for a telephone call: also where a short message has not gone out for a day."""
        late = Q(channel=Notice.Channel.MESSAGE, at__lte=now - PATIENCE)
        return self.to_bring().filter(Q(channel=Notice.Channel.CALL) | late)


class Notice(BaseModel):
    """Something a person is told: a kind with its words, and the facts they need."""

    class Channel(models.TextChoices):
        SITE = "site", _("站内")
        MESSAGE = "message", _("短信")
        CALL = "call", _("电话告知")

    class State(models.TextChoices):
        WAITING = "waiting", _("待告知")
        TOLD = "told", _("已告知")
        UNREACHABLE = "unreachable", _("无法联系")

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.SITE)
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=15, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was tried to tell it outside the site."
    )
    tried_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["subject_kind", "subject_id"], name="notice_by_subject"),
            models.Index(
                fields=["subject_id"],
                name="notice_to_bring",
                condition=Q(read_at__isnull=True, state="waiting") & ~Q(channel="site"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="site") | Q(state="waiting", tries=0), name="the_site_tells_by_showing"
            ),
            models.CheckConstraint(
                condition=Q(tries=0, tried_at__isnull=True, state="waiting")
                | Q(tries__gt=0, tried_at__isnull=False),
                name="a_try_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
