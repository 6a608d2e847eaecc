"""
Tables of the history.

An entry holds `sha256(salt ‖ body)`; body and salt stand in a row of their own, which can be erased by law without
breaking the chain. The database refuses UPDATE and DELETE (see the migration).
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One line of a subject's history (记录)."""

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, help_text="The person's key; null for the system itself.")
    body_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "seq"], name="an_entry_has_its_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} #{self.seq} {self.kind}"


class EntryBody(models.Model):
    """The facts of an entry; erasable by law, never changed."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField(max_length=16)
    facts = models.BinaryField()

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class Head(models.Model):
    """The newest entry of a subject, and how far the subject is sealed."""

    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)
    sealed_seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="a_subject_has_one_head")
        ]
        indexes = [
            models.Index(
                fields=["id"], name="head_unsealed", condition=models.Q(sealed_seq__lt=models.F("seq"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} at {self.seq}"


class Anchor(models.Model):
    """One seal over all heads that were new at a moment; the anchors form a chain of their own."""

    seq = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    #: canonical JSON of [[subject_kind, subject_id, seq, head hash], …]
    heads = models.BinaryField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"anchor {self.seq}"
