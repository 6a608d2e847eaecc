"""What happened in a round of a case, as the API answers it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.consultations import ConsultationOut
from api.shapes import AttachmentOut, NoteOut
from huiyin.cases.models import Assignment, Contact, Rating, Reply


class AssignmentOut(serializers.Serializer):
    """A unit's part in a round."""

    id = serializers.CharField(source="public_id")
    unit = serializers.CharField(source="unit.public_id")
    unit_name = serializers.CharField(source="unit.name")
    part = serializers.ChoiceField(Assignment.Part.choices)


class WrittenOut(serializers.Serializer):
    """Something a unit wrote for the record."""

    id = serializers.CharField(source="public_id")
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name")
    unit = serializers.CharField(source="unit.name", default="")


class ContactOut(WrittenOut):
    """What a unit says of its contact with the asker, and whether the asker confirms it."""

    way = serializers.ChoiceField(Contact.Way.choices)
    on = serializers.DateField()
    text = serializers.CharField()
    confirmed = serializers.BooleanField(allow_null=True)


class ObjectionOut(WrittenOut):
    """A unit says that the matter is not its own, and the ruling."""

    reason = serializers.CharField()
    upheld = serializers.BooleanField(allow_null=True)
    ruling = serializers.CharField()


class ReplyOut(WrittenOut):
    """The answer of a round."""

    result = serializers.ChoiceField(Reply.Result.choices)
    text = serializers.CharField()
    signed_by = serializers.CharField()
    document_number = serializers.CharField()
    delivered_on = serializers.DateField(allow_null=True)
    way = serializers.ChoiceField(Reply.Way.choices, allow_blank=True)


class AskOut(serializers.Serializer):
    """One numbered thing that is asked for."""

    number = serializers.IntegerField()
    text = serializers.CharField()


class AnswerOut(serializers.Serializer):
    """What is answered to one ask."""

    result = serializers.ChoiceField(Reply.Result.choices)
    text = serializers.CharField()


class SettledOut(serializers.Serializer):
    """What a rater says of one ask."""

    rater = serializers.CharField()
    settled = serializers.BooleanField()

    def to_representation(self, instance: tuple[str, bool]) -> dict[str, Any]:
        """It comes as a pair."""
        return super().to_representation(dict(zip(("rater", "settled"), instance, strict=True)))


class AnsweredAskOut(AskOut):
    """An ask beside its answer; while there is no reply, the newest draft's, for those who may read drafts."""

    answer = AnswerOut(allow_null=True)
    former = AnswerOut(allow_null=True, help_text="The answer of the round before.")
    settled = SettledOut(many=True)


class ExtensionOut(WrittenOut):
    """More time that a unit asked for, and the ruling."""

    to = serializers.DateField()
    reason = serializers.CharField()
    granted = serializers.BooleanField(allow_null=True)
    granted_to = serializers.DateField(allow_null=True)
    ruling = serializers.CharField()


class DelayOut(WrittenOut):
    """Why something was late, in the words of those who owed it."""

    step = serializers.CharField(source="task.name")
    text = serializers.CharField()


class VisitOut(serializers.Serializer):
    """What somebody saw on the spot."""

    id = serializers.CharField(source="visit.public_id")
    at = serializers.DateTimeField(source="visit.at")
    by = serializers.CharField(source="visit.by.name")
    milestone = serializers.IntegerField(source="visit.milestone.number", default=None, allow_null=True)
    agrees = serializers.BooleanField(source="visit.agrees", help_text="With what the unit reported.")
    text = serializers.CharField(source="visit.text")
    photos = AttachmentOut(many=True)

    def to_representation(self, instance: tuple[Any, Any]) -> dict[str, Any]:
        """A visit comes as a pair of the row and its photos."""
        visit, photos = instance
        return super().to_representation({"visit": visit, "photos": photos})


class RatingOut(serializers.Serializer):
    """What the asker or the deputy thinks of the answer."""

    at = serializers.DateTimeField()
    rater = serializers.ChoiceField(Rating.Rater.choices)
    result = serializers.ChoiceField(Rating.Scale.choices)
    attitude = serializers.CharField()
    words = serializers.CharField()
    late = serializers.BooleanField()


class RoundOut(serializers.Serializer):
    """What happened in one round."""

    number = serializers.IntegerField()
    assignments = AssignmentOut(many=True)
    notes = NoteOut(many=True)
    contacts = ContactOut(many=True)
    objections = ObjectionOut(many=True)
    reply = ReplyOut(allow_null=True)
    asks = AnsweredAskOut(many=True)
    ratings = RatingOut(many=True)
    extensions = ExtensionOut(many=True)
    delays = DelayOut(many=True)
    visits = VisitOut(many=True)
    silent = serializers.ListField(
        child=serializers.CharField(), help_text="Co-handling units that said nothing in their time."
    )
    consultations = ConsultationOut(many=True, help_text="Of the offices; empty for the one who asked.")
