"""答复模板: texts that a unit keeps for its replies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huiyin.cases.querysets import ReplyTemplateQuerySet
from huiyin.core.models import BaseModel
from huiyin.directory.models import Person, Unit


class ReplyTemplate(BaseModel):
    """A text that the people of a unit, and of its 科室, put into a reply and then make their own."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reply_templates")
    name = models.CharField(max_length=60)
    text = models.TextField()
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="a_unit_names_a_template_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""), name="a_template_has_a_name_and_a_text"
            ),
        ]

    @property
    def version(self) -> str:
        """Changes with every change: what a page has seen of it."""
        return self.changed_at.isoformat()

    def __str__(self) -> str:
        return self.name
