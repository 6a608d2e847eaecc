"""Attachments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from huiyin.core.models import BaseModel


class Attachment(BaseModel):
    """
    A photo, a voice clip, a sealed letter, or the scan of a paper that has more pages than one photographs.

    Staged (no subject) from upload until a service commits it together with the words it belongs to. Whether someone
    may see it is decided by its subject: pages and API look the subject up with `visible_to` first.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("照片")
        VOICE = "voice", _("语音")
        SEALED = "sealed", _("盖章件")
        SCAN = "scan", _("扫描件")

        @property
        def is_paper(self) -> bool:
            """A PDF is saved, never shown inside a page: nothing in it is ours to vouch for."""
            return self in (self.SEALED, self.SCAN)

    kind = models.CharField(max_length=10, choices=Kind)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    part = models.CharField(
        max_length=60, blank=True, help_text="What of the subject it belongs to: 'report', 'note:17', …"
    )
    file = models.FileField(upload_to="attachments/%Y/%m/")
    small = models.FileField(upload_to="attachments/%Y/%m/", blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    staged_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="attachment_by_subject"),
            models.Index(
                fields=["staged_at"], name="attachment_staged", condition=Q(committed_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed_at__isnull=True, subject_id__isnull=True)
                | Q(committed_at__isnull=False, subject_id__isnull=False),
                name="an_attachment_is_committed_with_its_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def stored(self, size: str) -> FieldFile:
        """The file of a size: `small` where there is a small picture, else the whole."""
        return self.small if size == "small" and self.small else self.file
