"""导入: suggestions out of a file, first as rows to look at, then as cases."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.cases.models import Case
from huiyin.congress.querysets import ImportQuerySet, ImportRowQuerySet
from huiyin.core.models import BaseModel
from huiyin.definitions.models import Definition
from huiyin.directory.models import Jurisdiction, Person, Place


class SuggestionImport(BaseModel):
    """
    A file of suggestions and what was understood of it; nothing is a case before somebody starts it.

    Rows that were never started go with the next file that the same person sends.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="imports")
    place = models.ForeignKey(Place, models.PROTECT, related_name="imports")
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200, help_text="What the file is called.")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    started_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at=None, started_by=None)
                | Q(started_at__isnull=False, started_by__isnull=False),
                name="an_import_is_started_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(BaseModel):
    """
    One suggestion of a file: what was understood, what is wrong with it, and the case that it became.

    `key` is the same for the same suggestion of the same mover in whatever file it comes.
    """

    batch = models.ForeignKey(SuggestionImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Its row in the sheet, or its place among the documents.")
    source = models.CharField(max_length=200, blank=True, help_text="The document's name.")
    title = models.CharField(max_length=300)
    mover_text = models.CharField(max_length=300)
    mover = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cosigner_names = models.TextField(blank=True)
    cosigner_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    answers = models.JSONField(help_text="Answers to the first form of the process.")
    category = models.CharField(max_length=60, blank=True, help_text="As the file proposes it.")
    received_on = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=80)
    problems = models.JSONField(default=list, help_text="Sentences; a row with any is not imported.")
    remarks = models.JSONField(default=list, help_text="Sentences that stop nothing.")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="import_rows")
    is_new = models.BooleanField(default=False, help_text="This row made the case; else it was there.")
    error = models.TextField(blank=True, help_text="Why it was refused when it was entered.")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None) | Q(error="", done_at__isnull=False),
                name="an_imported_row_has_no_error",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="import_row_by_key")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
