"""What suggestions and projects add to a case: asks, drafts of replies, extensions, milestones, visits."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.case import Case
from huiyin.cases.models.records import Rating, Record, Reply
from huiyin.cases.querysets import OfCaseQuerySet, by_office, sight_of
from huiyin.directory.actors import Actor
from huiyin.directory.models import Person, Unit


class OfDraftQuerySet(QuerySet[Any]):
    """Rows that hang on a draft."""

    def visible_to(self, actor: Actor) -> OfDraftQuerySet:
        """Rows of drafts that the actor may see."""
        return self.filter(by_office(actor, "draft__case__"))


class DraftQuerySet(QuerySet["ReplyDraft"]):
    """Drafts are the offices' own paper: the one who asked sees the reply that came of them."""

    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """Drafts of cases that a post of the actor leads to."""
        return self.filter(by_office(actor, "case__"))

    def of_letter(self, reply: Reply) -> DraftQuerySet:
        """The draft of each case that the letter of a reply answers: they have its unit and its 文号 (合并答复)."""
        if not reply.document_number:
            return self.none()
        signed = self.filter(unit=reply.unit, document_number=reply.document_number)
        return signed.order_by("case", "-round", "-version").distinct("case")


class OfRatingQuerySet(QuerySet[Any]):
    """Rows that hang on a rating."""

    def visible_to(self, actor: Actor) -> OfRatingQuerySet:
        """Rows of ratings that the actor may see."""
        return self.filter(sight_of(actor, "rating__case__"))


class Ask(models.Model):
    """诉求: one numbered thing that a suggestion asks for; answered and rated apart from the others."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="asks")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="an_ask_has_its_own_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:30]}"


class ReplyDraft(Record):
    """A version of a reply on its way through the unit: 拟稿, 核稿, 会签, 审核, 签发."""

    version = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=10, choices=Reply.Result)
    text = models.TextField(blank=True)
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    document_number = models.CharField(max_length=80, blank=True)
    signed_by = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "version"], name="a_round_numbers_its_drafts"),
            models.CheckConstraint(
                condition=Q(document_number="", signed_by="", signed_on__isnull=True)
                | (~Q(document_number="") & ~Q(signed_by="") & Q(signed_on__isnull=False)),
                name="a_draft_is_issued_with_number_signer_and_date",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.version} of round {self.round}"

    def as_reply(self, **columns: Any) -> Reply:
        """
        The reply that it becomes, not saved.

        :param columns: who gives it, when and how; for a letter before that, who wrote the draft
        """
        points = self.answers.select_related("ask")
        text = self.text or "\n".join(f"{point.ask.number}. {point.text}" for point in points)
        return Reply(
            unit=self.unit, draft=self, result=self.result, text=text, signed_by=self.signed_by,
            document_number=self.document_number, **columns,
        )  # fmt: skip

    def as_answers(self) -> dict[str, Any]:
        """What it says, as the form of the drafting step would send it."""
        points = self.answers.select_related("ask")
        return {
            "result": self.result,
            "asks": [{"ask": one.ask.number, "result": one.result, "text": one.text} for one in points],
            "text": self.text,
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone,
        }


class DraftAnswer(models.Model):
    """What a draft answers to one ask."""

    draft = models.ForeignKey(ReplyDraft, models.PROTECT, related_name="answers")
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="answers")
    result = models.CharField(max_length=10, choices=Reply.Result)
    text = models.TextField()

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        ordering = ["ask__number"]
        constraints = [models.UniqueConstraint(fields=["draft", "ask"], name="a_draft_answers_an_ask_once")]

    def __str__(self) -> str:
        return f"{self.result} to ask {self.ask_id}"


class DraftReview(Record):
    """What a reviewer said of a draft: let through, or returned with remarks."""

    class Decision(models.TextChoices):
        PASS = "pass", _("同意")
        RETURN = "return", _("退回修改")

    draft = models.ForeignKey(ReplyDraft, models.PROTECT, related_name="reviews")
    step_id = models.CharField(max_length=100, blank=True)
    step_name = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=10, choices=Decision)
    remarks = models.TextField(blank=True)
    marks = models.JSONField(
        default=list,
        blank=True,
        help_text="批注: a list of passages of this version, each with what is said of it.",
    )

    objects = OfDraftQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="pass") | ~Q(remarks="") | ~Q(marks=[]),
                name="a_draft_is_returned_with_remarks",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_name} {self.decision}"


class AskRating(models.Model):
    """Whether the rater says that one ask is settled (已落实)."""

    rating = models.ForeignKey(Rating, models.PROTECT, related_name="asks")
    ask = models.ForeignKey(Ask, models.PROTECT, related_name="ratings")
    settled = models.BooleanField()

    objects = OfRatingQuerySet.as_manager()

    class Meta:
        ordering = ["ask__number"]
        constraints = [models.UniqueConstraint(fields=["rating", "ask"], name="a_rating_judges_an_ask_once")]

    def __str__(self) -> str:
        return f"ask {self.ask_id} {'settled' if self.settled else 'not settled'}"


class Extension(Record):
    """延期答复申请: a unit asks for more time, and the congress office rules."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.DateField()
    reason = models.TextField()
    granted = models.BooleanField(null=True, blank=True)
    granted_to = models.DateField(null=True, blank=True)
    ruling = models.TextField(blank=True)
    ruled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(granted__isnull=True, ruled_at__isnull=True)
                | Q(granted__isnull=False, ruled_at__isnull=False),
                name="an_extension_ruling_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(granted=True, granted_to__isnull=False)
                | (Q(granted_to__isnull=True) & (Q(granted__isnull=True) | Q(granted=False))),
                name="an_extension_has_a_day_when_granted",
            ),
        ]

    def __str__(self) -> str:
        return f"extension to {self.to}"


class Milestone(models.Model):
    """A step of a project's plan, with the day it was planned for and the day it was reached."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    planned_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="a_milestone_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Visit(Record):
    """What somebody saw on the spot, and whether it agrees with what was reported."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="visits")
    agrees = models.BooleanField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"visit {self.at:%Y-%m-%d}"
