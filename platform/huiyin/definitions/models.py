"""Definitions."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import QuerySet

from huiyin.core.languages import LocallyNamed
from huiyin.core.models import BaseModel
from huiyin.directory.actors import Actor
from huiyin.directory.models import Jurisdiction


class DefinitionQuerySet(QuerySet["Definition"]):
    """Definitions."""

    def visible_to(self, actor: Actor) -> DefinitionQuerySet:
        """How a matter is handled is public."""
        return self.all()

    def newest(self, jurisdiction: Jurisdiction, process: str) -> DefinitionQuerySet:
        """The versions of a process, newest first."""
        return self.filter(jurisdiction=jurisdiction, process=process).order_by("-version")


class Definition(LocallyNamed, BaseModel):
    """
    A published version of a process: diagram, forms and tables, named v1, v2 and by the hash of its content.

    Immutable: the database refuses to change or delete a row (see the migration).
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="definitions")
    process = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    number_prefix = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    diagram = models.BinaryField()
    forms = models.TextField(
        help_text="JSON text, form name -> document; jsonb would lose the order of options."
    )
    tables = models.JSONField(default=dict, help_text="Decision id -> DMN text of the bundle.")
    called = models.TextField(default="{}", help_text="JSON text, process -> the diagram that is called.")
    starters = models.JSONField(default=list, help_text="Roles that may start it; empty: everybody.")
    levels = models.JSONField(default=list, help_text="Levels of the places where it may be started.")
    stages = models.JSONField(help_text="[{id, zh, en}] in the order of the progress bar.")
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(null=True)

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "process", "version"], name="a_version_is_published_once"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "process", "digest"], name="the_same_content_is_one_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def form_sources(self) -> dict[str, Any]:
        """The form documents of this version by name."""
        return dict(json.loads(self.forms))

    @property
    def called_diagrams(self) -> dict[str, bytes]:
        """The diagrams that this version calls, by process."""
        return {name: text.encode() for name, text in json.loads(self.called).items()}
