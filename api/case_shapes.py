"""How a case looks: in a list, in full, and as the receipt of a new one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.consultations import ConsultationOut
from api.shapes import AttachmentOut, BadgeOut, NoteOut, TurnOut
from huiyin.cases.models import Assignment, Contact, Rating, Reply, Transcription
from huiyin.congress.models import Signature


class CaseOut(serializers.Serializer):
    """A case in a list."""

    id = serializers.CharField(source="case.public_id")
    number = serializers.CharField(source="case.number")
    title = serializers.CharField(source="case.title")
    kind = serializers.CharField(source="case.kind")
    kind_name = serializers.CharField(source="case.definition.name")
    place = serializers.CharField(source="case.place.public_id")
    place_name = serializers.CharField(source="case.place.full_name")
    status = BadgeOut()
    stage = serializers.CharField(source="case.stage")
    round = serializers.IntegerField(source="case.round")
    outcome = serializers.CharField(source="case.outcome")
    received_on = serializers.DateField(source="case.received_on")
    received_at = serializers.DateTimeField(source="case.received_at")
    closed_at = serializers.DateTimeField(source="case.closed_at", allow_null=True)


class ReceivedOut(serializers.Serializer):
    """The receipt of a matter."""

    id = serializers.CharField(source="public_id")
    number = serializers.CharField()
    title = serializers.CharField()
    received_at = serializers.DateTimeField()


class StageOut(serializers.Serializer):
    """A mark on the progress bar."""

    name = serializers.CharField()
    state = serializers.ChoiceField(["done", "current", "todo"])


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


class MilestoneOut(serializers.Serializer):
    """A step of a project's plan."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    planned_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)


class SignatureOut(serializers.Serializer):
    """A deputy who was asked to sign, and where the signature stands under the present text."""

    deputy = serializers.CharField()
    status = serializers.ChoiceField(Signature.Status.choices)
    agrees_to_withdrawal = serializers.BooleanField()
    on_paper = serializers.BooleanField(help_text="Signed by hand and entered by the congress office.")


class SigningOut(serializers.Serializer):
    """Who proposes a matter; the mover is counted."""

    rows = SignatureOut(many=True)
    have = serializers.IntegerField()
    need = serializers.IntegerField()


class LinkOut(serializers.Serializer):
    """Another case that the caller may read."""

    id = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()


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


class TranscriptionOut(serializers.Serializer):
    """What an office entered for somebody (代录): how and when it came, and its scans."""

    id = serializers.CharField(source="row.public_id")
    step = serializers.CharField(source="row.task.name", default="")
    person = serializers.CharField(source="row.person.name", help_text="Whose words they are.")
    way = serializers.ChoiceField(Transcription.Way.choices, source="row.way")
    received_on = serializers.DateField(source="row.received_on")
    by = serializers.CharField(source="row.by.name", help_text="Who entered it.")
    at = serializers.DateTimeField(source="row.at")
    note = serializers.CharField(source="row.note")
    proof = AttachmentOut(many=True)

    def to_representation(self, instance: tuple[Any, Any]) -> dict[str, Any]:
        """It comes as a pair of the row and its scans."""
        row, proof = instance
        return super().to_representation({"row": row, "proof": proof})


class ClockOut(serializers.Serializer):
    """A deadline, and why it is on that day."""

    id = serializers.CharField()
    name = serializers.CharField()
    article = serializers.CharField()
    round = serializers.IntegerField()
    due_on = serializers.DateField()
    provisional = serializers.BooleanField(help_text="Counted on a calendar that is not official yet.")
    running = serializers.BooleanField()
    badge = BadgeOut()
    why = serializers.ListField(child=serializers.CharField())


class CaseDetailOut(serializers.Serializer):
    """A case in full."""

    id = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    words = serializers.CharField()
    where = serializers.CharField()
    place = serializers.CharField()
    kind = serializers.CharField()
    category = serializers.CharField()
    status = BadgeOut()
    stages = StageOut(many=True)
    round = serializers.IntegerField()
    outcome = serializers.CharField()
    source = serializers.CharField()
    received_on = serializers.DateField()
    received_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    reporter = serializers.CharField(help_text="Masked.")
    deputy = serializers.CharField()
    contact = serializers.DictField(
        child=serializers.CharField(), help_text="For those alone who must call back."
    )
    merged_into = serializers.CharField()
    derived_from = LinkOut(allow_null=True)
    derived_cases = LinkOut(many=True)
    asks = AskOut(many=True)
    milestones = MilestoneOut(many=True)
    signing = SigningOut(allow_null=True, help_text="Null where nobody was asked to sign.")
    text_hash = serializers.CharField(help_text="To be sent back as `seen_hash` by who signs.")
    transcriptions = TranscriptionOut(many=True)
    photos = AttachmentOut(many=True)
    voices = AttachmentOut(many=True)
    rounds = RoundOut(many=True)
    clocks = ClockOut(many=True)
    turns = TurnOut(many=True)
