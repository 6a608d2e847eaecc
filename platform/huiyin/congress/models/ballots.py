"""票决: a secret ballot, its roll and its votes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.congress.models.sessions import Session
from huiyin.congress.querysets import BallotQuerySet, CandidateQuerySet
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.directory.models import Person


class Ballot(BaseModel):
    """
    A vote of a congress on candidates: draft → open → counted.

    The quorum is a share of the roll that must have cast a ballot (at least); the majority a share of ALL on the roll
    that must have named a candidate (more than).
    """

    class Method(models.TextChoices):
        APPROVAL = "approval", _("赞成票")
        RANKED = "ranked", _("排序票")

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        OPEN = "open", _("投票中")
        COUNTED = "counted", _("已计票")

    session = models.ForeignKey(Session, models.PROTECT, related_name="ballots")
    title = models.CharField(max_length=200)
    method = models.CharField(max_length=10, choices=Method)
    places = models.PositiveSmallIntegerField(help_text="How many may be chosen.")
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    majority_numerator = models.PositiveSmallIntegerField(default=1)
    majority_denominator = models.PositiveSmallIntegerField(default=2)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="a_ballot_has_places"),
            models.CheckConstraint(
                condition=Q(
                    quorum_denominator__gte=1,
                    quorum_numerator__lte=F("quorum_denominator"),
                    majority_denominator__gte=1,
                    majority_numerator__lt=F("majority_denominator"),
                ),
                name="quorum_and_majority_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True, counted_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, counted_at__isnull=True)
                | Q(state="counted", opened_at__isnull=False, counted_at__isnull=False),
                name="a_ballot_has_the_moments_of_its_state",
            ),
            models.CheckConstraint(
                condition=Q(state="counted", result__isnull=False)
                | (~Q(state="counted") & Q(result__isnull=True)),
                name="a_ballot_has_a_result_when_it_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BallotCandidate(models.Model):
    """A case that stands for the vote, under a number and the title it had then."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="candidates")
    case = models.ForeignKey(Case, models.PROTECT, related_name="candidacies")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="a_candidate_has_its_own_number"),
            models.UniqueConstraint(fields=["ballot", "case"], name="a_case_stands_once_on_a_ballot"),
            models.CheckConstraint(condition=Q(number__gte=1), name="candidates_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class RollEntry(models.Model):
    """Someone who may vote, and whether it was done; never when. Frozen when the ballot opens."""

    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="roll")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "person"], name="a_roll_names_a_person_once")
        ]

    def __str__(self) -> str:
        return f"roll of {self.ballot_id}"


class SealedVote(models.Model):
    """
    A vote in the box, from the cast to the count: marks and receipt encrypted together, of one length for all.

    `paper` is `{"marks": [numbers] | null, "receipt": hash, "filler": spaces}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="box")
    paper = SealedField(null=False)

    def __str__(self) -> str:
        return f"envelope of {self.ballot_id}"


class Vote(models.Model):
    """
    One counted ballot paper: no voter, no moment, no sequence.

    `marks` are numbers of candidates, in the voter's order; null is a paper that nobody could read. `receipt` is the
    SHA-256 of a code that the voter alone was given.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="votes")
    marks = models.JSONField(null=True)
    receipt = models.CharField(max_length=64, unique=True)
    valid = models.BooleanField()

    def __str__(self) -> str:
        return f"vote in {self.ballot_id}"
