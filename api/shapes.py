"""Small shapes that several resources share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from huiyin.files.models import Attachment


class BadgeOut(serializers.Serializer):
    """A state or a deadline in words, with its tone."""

    text = serializers.CharField()
    tone = serializers.ChoiceField(["late", "near", "calm", "done", "quiet"])


class AttachmentOut(serializers.Serializer):
    """A photo or a voice clip; its bytes are at /files/{id}/content/."""

    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(Attachment.Kind.choices)
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class TurnOut(serializers.Serializer):
    """A task that a case waits on: whose turn it is and since when."""

    id = serializers.CharField()
    name = serializers.CharField()
    who = serializers.CharField()
    since = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    badge = BadgeOut(allow_null=True)
    claimed_by = serializers.CharField()


class NoteOut(serializers.Serializer):
    """A unit's progress note."""

    id = serializers.CharField(source="note.public_id")
    round = serializers.IntegerField(source="note.round")
    at = serializers.DateTimeField(source="note.at")
    by = serializers.CharField(source="note.by.name")
    unit = serializers.CharField(source="note.unit.name", default="")
    stage = serializers.CharField(source="note.stage")
    text = serializers.CharField(source="note.text")
    photos = AttachmentOut(many=True)

    def to_representation(self, instance: tuple[Any, Any]) -> dict[str, Any]:
        """A note comes as a pair of the row and its photos."""
        note, photos = instance
        return super().to_representation({"note": note, "photos": photos})
