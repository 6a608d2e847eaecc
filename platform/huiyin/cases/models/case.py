"""The case: its words, its facts, and where the engine stands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from huiyin.cases.querysets import CLOSED, CaseQuerySet, OfCaseQuerySet
from huiyin.core.models import BaseModel
from huiyin.core.sealing import SealedField
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction, Person, Place
from huiyin.rules.models import Profile


class Case(BaseModel):
    """
    One run of a definition: a matter, from the moment it is received until its process ends.

    `closed_at` is set while the asker may still say 没解决 (办结); `ended_at` when the diagram has reached an end (归档).
    """

    class Source(models.TextChoices):
        WEB = "web", _("网页")
        CODE = "code", _("扫码")
        STATION = "station", _("联络站代录")
        OFFICE = "office", _("代表工委代录")
        IMPORT = "import", _("导入")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("一般")
        URGENT = "urgent", _("紧急")

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="cases")
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="cases")
    kind = models.SlugField(max_length=60, help_text="The process, as in bpmn/<kind>/.")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cases")
    reporter = models.ForeignKey(Person, models.PROTECT, related_name="reported_cases")
    deputy = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="followed_cases")
    source = models.CharField(max_length=10, choices=Source)
    source_key = models.CharField(
        max_length=100, unique=True, null=True, blank=True, help_text="Refuses the same matter twice."
    )
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    restricted = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    profile = models.ForeignKey(
        Profile, models.PROTECT, related_name="+", help_text="The rules in force when it was received."
    )
    stage = models.CharField(max_length=40, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="derived_cases",
        help_text="The matter that this one was made from, such as a bill that became a suggestion.",
    )
    revision = models.PositiveIntegerField(default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            models.Index(fields=["reporter"], name="case_by_reporter"),
            models.Index(fields=["number"], name="case_by_number"),
            GinIndex(fields=["title"], name="case_by_title", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "number"], name="a_number_is_given_once_in_a_jurisdiction"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(closed_at__isnull=False),
                name="a_case_that_ended_is_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_case_has_an_outcome",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="rounds_count_from_one"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="a_case_is_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_closed_to_the_public(self) -> bool:
        """举报, 涉法涉诉 and 不宜公开: never shown to everybody, whatever was published before."""
        return self.restricted or self.facts.filter(name="publicity", text=CLOSED).exists()

    def asks_or_follows(self, person: Person | None) -> bool:
        """Whether a person is the one who asked or the deputy who follows."""
        return person is not None and person.pk in (self.reporter_id, self.deputy_id)

    def confirms_contacts(self, person: Person | None) -> bool:
        """Whether a unit's contact is a contact with this person: with the one who asked, whose word no other stands for."""
        return person is not None and person.pk == self.reporter_id


class CaseText(models.Model):
    """The asker's words; apart from the case, whose row changes at every step."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="text")
    words = models.TextField()
    where = models.CharField(max_length=300, blank=True)
    sealed = SealedField()
    phone_codes = ArrayField(
        models.CharField(max_length=16),
        default=list,
        blank=True,
        help_text="The blind codes of the sealed telephones, for a lost receipt.",
    )

    class Meta:
        indexes = [GinIndex(fields=["phone_codes"], name="text_by_phones")]

    def __str__(self) -> str:
        return f"text of {self.case_id}"


class CaseState(models.Model):
    """Where the engine stands: a cursor, not a record."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="state")
    state = models.BinaryField()
    revision = models.PositiveIntegerField()
    before = ArrayField(
        models.BinaryField(),
        default=list,
        help_text="Where it stood before each of the last steps that can be recalled, the oldest first.",
    )
    undo = models.JSONField(
        default=list, help_text="What each of these steps must put back when it is recalled."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    Func("before", function="cardinality", output_field=models.IntegerField()),
                    Func("undo", function="jsonb_array_length", output_field=models.IntegerField()),
                ),
                name="each_step_is_recalled_whole",
            )
        ]

    def __str__(self) -> str:
        return f"state of {self.case_id} at {self.revision}"


class Fact(models.Model):
    """A named, typed value of a case that boards may filter on."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="facts")
    name = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="a_fact_stands_once_in_a_case")]
        indexes = [models.Index(fields=["name", "text"], name="fact_by_value")]

    def __str__(self) -> str:
        return f"{self.name}={self.text or self.on}"
