"""Sessions, the numbers given in them, and collections."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q

from huiyin.cases.models import Case
from huiyin.cases.querysets import OfCaseQuerySet
from huiyin.congress.querysets import PublicQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Jurisdiction, Place, Term

COLLECTION_DAYS = 30


class Session(BaseModel):
    """
    A meeting of a congress (会次), or the time between its meetings (闭会期间) as one row a term without a number.

    What is submitted up to `deadline_at` belongs to the meeting; what comes later, to the time between meetings.
    `name` begins every official title.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="sessions")
    place = models.ForeignKey(Place, models.PROTECT, related_name="sessions")
    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=60)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="截止时间 of submissions.")

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="a_session_has_its_own_number"),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(number__isnull=True),
                name="a_term_has_one_time_between_sessions",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="a_session_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True)
                | Q(number__gte=1, closes_on__isnull=False, deadline_at__isnull=False),
                name="a_numbered_session_has_its_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """The last number given in a session to a kind of matter."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="series")
    kind = models.SlugField(max_length=60)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind"], name="a_session_has_one_series_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class Registration(models.Model):
    """The official number of a case (立案编号), given at acceptance."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="registration")
    session = models.ForeignKey(Session, models.PROTECT, related_name="registrations")
    kind = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    category = models.CharField(max_length=60)
    registered_at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "number"], name="a_number_is_given_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="numbers_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.number}"


class Collection(BaseModel):
    """征集: the days in which a place collects matters of a kind, such as next year's livelihood projects."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="collections")
    place = models.ForeignKey(Place, models.PROTECT, related_name="collections")
    kind = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    opens_on = models.DateField()
    closes_on = models.DateField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    closes_on__gte=ExpressionWrapper(
                        F("opens_on") + timedelta(days=COLLECTION_DAYS), output_field=DateField()
                    )
                ),
                name="a_collection_is_open_for_thirty_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title
