"""答复函模板: a unit's own letter."""

from __future__ import annotations

from django.db import models

from huiyin.congress.querysets import LetterTemplateQuerySet
from huiyin.directory.models import Person, Unit


class LetterTemplate(models.Model):
    """The Word file with which a unit, and its 科室, write their letters of reply; without one the shipped file serves."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="letter_template")
    document = models.BinaryField(help_text="A .docx file of at most 2 MB, checked when it was kept.")
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = LetterTemplateQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.unit)
