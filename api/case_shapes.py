"""How a case looks: in a list, in full, and as the receipt of a new one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.round_shapes import AskOut, RoundOut
from api.shapes import AttachmentOut, BadgeOut, TurnOut
from huiyin.cases.models import Transcription
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


class HearingOut(serializers.Serializer):
    """听写: what somebody wrote down who listened to the clip."""

    text = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


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
    caution = serializers.CharField(
        help_text="What the office must still confirm about its rules; else empty."
    )


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
    heard = HearingOut(allow_null=True)
    rounds = RoundOut(many=True)
    clocks = ClockOut(many=True)
    turns = TurnOut(many=True)
