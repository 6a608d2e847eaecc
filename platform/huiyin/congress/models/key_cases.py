"""重点督办: matters that the 主任会议 put on the key list, with a plan and a report."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huiyin.cases.models import Case
from huiyin.congress.querysets import KeyCaseQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person


class KeyCase(BaseModel):
    """
    A matter on the key list, from the decision on: listed → planned → reported, or taken off with a reason.

    A report answers to a plan, so there is none without one. What was reported stays on the list: it is the year's
    record. A matter that was taken off may be listed again; the earlier row stays.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="key_cases")
    listed_on = models.DateField(help_text="The day of the decision.")
    decision = models.CharField(max_length=200, help_text="Such as 县十七届人大常委会第12次主任会议.")
    leader = models.CharField(
        max_length=60, help_text="领办领导: a name, for it may be a person without an account."
    )
    committee = models.CharField(max_length=100, blank=True, help_text="对口专(工)委, as the decision says.")
    listed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    plan = models.TextField(blank=True)
    plan_on = models.DateField(null=True, blank=True)
    planned_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    planned_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(blank=True)
    reported_on = models.DateField(null=True, blank=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    delisted_on = models.DateField(null=True, blank=True)
    delisted_reason = models.TextField(blank=True)
    delisted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    delisted_at = models.DateTimeField(null=True, blank=True)

    objects = KeyCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(delisted_on__isnull=True),
                name="a_case_stands_on_the_key_list_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision="") & ~Q(leader=""), name="a_key_case_names_its_decision_and_leader"
            ),
            models.CheckConstraint(
                condition=Q(plan="", plan_on=None, planned_by=None, planned_at=None)
                | (
                    ~Q(plan="")
                    & Q(plan_on__gte=F("listed_on"), plan_on__isnull=False)
                    & Q(planned_by__isnull=False, planned_at__isnull=False)
                ),
                name="a_plan_of_a_key_case_follows_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(report="", reported_on=None, reported_by=None, reported_at=None)
                | (
                    ~Q(report="")
                    & Q(reported_on__gte=F("plan_on"), plan_on__isnull=False, reported_on__isnull=False)
                    & Q(reported_by__isnull=False, reported_at__isnull=False)
                ),
                name="a_report_on_a_key_case_answers_to_its_plan",
            ),
            models.CheckConstraint(
                condition=Q(delisted_on=None, delisted_by=None, delisted_at=None, delisted_reason="")
                | (
                    ~Q(delisted_reason="")
                    & Q(delisted_on__gte=F("listed_on"), delisted_on__isnull=False, reported_on=None)
                    & Q(delisted_by__isnull=False, delisted_at__isnull=False)
                ),
                name="only_what_is_not_reported_leaves_the_key_list_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"key case {self.case_id}"
