"""What of a matter everybody may read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huiyin.cases.models import Case, Reply
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person
from huiyin.opinion.querysets import PublicationQuerySet


class Publication(BaseModel):
    """
    The reviewed text of a matter: what was asked and, once it is there, what was answered; names removed.

    Its words are its own: the matter's record stays as it is, and nothing of it is public but this. It stands until it
    is withdrawn with a reason; then the matter may be published anew.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="publications")
    title = models.CharField(max_length=200)
    words = models.TextField()
    answer = models.TextField(blank=True)
    result = models.CharField(max_length=10, choices=Reply.Result, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    revised_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revised_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [models.Index(fields=["-published_at", "-id"], name="publication_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(withdrawn_at__isnull=True), name="a_case_is_published_once"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words=""), name="a_publication_says_what_was_asked"
            ),
            models.CheckConstraint(
                condition=Q(answer="", result="", answered_on__isnull=True)
                | (~Q(answer="") & ~Q(result="") & Q(answered_on__isnull=False)),
                name="a_published_answer_has_its_result_and_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_publication_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def version(self) -> str:
        """Changes with every revision: what a page has seen of it."""
        return f"{self.public_id}@{(self.revised_at or self.published_at).timestamp()}"


class Supporter(models.Model):
    """我也遇到: somebody who met the same thing, without an account; one browser counts once."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="supporters")
    key = models.CharField(
        max_length=32, help_text="A random word that the browser keeps; says nothing of the person."
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "key"], name="a_browser_supports_a_matter_once")
        ]

    def __str__(self) -> str:
        return f"supporter of {self.publication_id}"
