"""关联: what an office found when it held two matters side by side, and from which matters a deputy drafted a suggestion."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.congress.querysets import PairQuerySet, SourceQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person


class CasePair(BaseModel):
    """Two matters that were compared: they belong together, or they do not and are not shown as alike any more."""

    class Verdict(models.TextChoices):
        LINKED = "linked", _("关联")
        DIFFERENT = "different", _("不是同一件")

    first = models.ForeignKey(Case, models.PROTECT, related_name="+")
    second = models.ForeignKey(Case, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_cases_are_compared_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_older_of_two_cases_is_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"


class Source(BaseModel):
    """A citizen's matter from which a deputy drafted a suggestion; its record says so once the suggestion has its number."""

    suggestion = models.ForeignKey(Case, models.PROTECT, related_name="+")
    matter = models.ForeignKey(Case, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the matter's record, and the one who asked, were told."
    )

    told_round = models.PositiveSmallIntegerField(
        default=0, help_text="The last round of whose reply they were told; 0: of none."
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "matter"], name="a_matter_is_a_source_once"),
            models.CheckConstraint(
                condition=~Q(suggestion=F("matter")), name="a_suggestion_is_not_its_own_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} in {self.suggestion_id}"
