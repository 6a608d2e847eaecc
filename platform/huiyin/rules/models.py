"""Rule profiles and the calendar as tables that an office can change."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, QuerySet

from huiyin.core.languages import LocallyNamed
from huiyin.core.models import BaseModel
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction
from huiyin.rules.arithmetic import Unit


class ProfileQuerySet(QuerySet["Profile"]):
    """Rule profiles."""

    def visible_to(self, actor: Actor) -> ProfileQuerySet:
        """Rules are law: everyone may read them."""
        return self.all()

    def in_force(self, jurisdiction: Jurisdiction, on: date) -> ProfileQuerySet:
        """The version that a jurisdiction applies on a day."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=on), jurisdiction=jurisdiction, valid_from__lte=on
        )


class Profile(LocallyNamed, BaseModel):
    """One version of a jurisdiction's set of rules; a case pins the one in force when its clocks start."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="profiles")
    code = models.SlugField()
    name = models.CharField(max_length=100)
    source = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(
        null=True, blank=True, help_text="When an authorised person checked every number."
    )
    tables = models.JSONField(default=dict, help_text="Decision id -> DMN text.")
    digest = models.CharField(max_length=64)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "code", "valid_from"], name="a_profile_version_begins_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="a_profile_version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rule(LocallyNamed, models.Model):
    """A deadline: amount, unit, the event that starts it, the marks on its way, and its article."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="rules")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=2, choices=[(unit.value, unit.name) for unit in Unit])
    starts_from = models.CharField(max_length=100, help_text="The event that starts it, in words.")
    article = models.CharField(max_length=200)
    #: [{"name": "warn", "before": 2, "unit": "WD"}, {"name": "expire", "message": "rate.expired"}]; also "after", see docs
    marks = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "code"], name="a_rule_stands_once_in_a_profile"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="a_rule_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.amount} {self.unit}"


class CalendarYear(models.Model):
    """A year of the calendar: official once the State Council has published it."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    official = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a weekday off, or a weekend day worked."""

    day = models.DateField(primary_key=True)
    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    worked = models.BooleanField()
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
