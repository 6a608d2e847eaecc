"""承诺事项台账: what a unit promised in a reply, followed until it is kept and rated."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from huiyin.cases.models import Case, Rating
from huiyin.congress.querysets import CommitmentQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person, Unit


class Commitment(BaseModel):
    """
    One promise with its day; it outlives the case, across years and terms.

    made → reported as kept → rated: satisfied or basic closes it; dissatisfied opens it again, in its next round.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="commitments")
    case_round = models.PositiveSmallIntegerField(help_text="The round of the case in which it was made.")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="commitments")
    round = models.PositiveSmallIntegerField(default=1, help_text="Counts how often it was to be kept.")
    text = models.TextField()
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_on = models.DateField()
    kept_at = models.DateTimeField(null=True, blank=True)
    kept_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kept_words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    rating = models.CharField(max_length=15, choices=Rating.Scale, blank=True)
    rating_words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["unit", "due_on"], name="commitment_open", condition=Q(closed_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=F("made_on")), name="a_commitment_is_due_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True, kept_by__isnull=True, kept_words="")
                | (Q(kept_at__isnull=False, kept_by__isnull=False) & ~Q(kept_words="")),
                name="a_kept_commitment_says_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(rated_at__isnull=True, rating="") | (Q(rated_at__isnull=False) & ~Q(rating="")),
                name="a_rated_commitment_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(kept_at__isnull=False, rating__in=["satisfied", "basic"]),
                name="a_closed_commitment_was_kept_and_rated",
            ),
            models.CheckConstraint(
                condition=Q(round__gte=1, case_round__gte=1), name="rounds_of_commitments_count_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"commitment of {self.case_id} due {self.due_on}"
