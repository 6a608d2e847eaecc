"""附议: the mover invites deputies, they sign or do not, and the congress office enters a sheet signed by hand."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import AnswersField, In, Seen
from api.case_shapes import SigningOut
from huiyin.cases.models import Case
from huiyin.congress import errors, present, services
from huiyin.directory.models import Person

MOST_PEOPLE = 500


class PeopleField(serializers.ListField):
    """Deputies by their ids, each once."""

    child = serializers.CharField(max_length=16)

    def to_internal_value(self, data: object) -> list[str]:
        """
        The ids.

        :raises serializers.ValidationError: if one stands there twice
        """
        ids: list[str] = super().to_internal_value(data)
        if len(set(ids)) != len(ids):
            raise serializers.ValidationError(_("同一位代表只能写一次。"))
        return ids


class InviteIn(In):
    """Whom the mover asks."""

    people = PeopleField(allow_empty=False, max_length=MOST_PEOPLE, help_text="Ids of deputies.")


class SignIn(In):
    """What the deputy has before him."""

    seen_hash = serializers.CharField(max_length=64, help_text="The case's `text_hash` as the person saw it.")


class PaperSignaturesIn(SignIn):
    """A sheet that was signed by hand, and how it came."""

    people = PeopleField(max_length=MOST_PEOPLE, help_text="Ids of the deputies who signed.")
    transcription = AnswersField(help_text="Answers to the form `transcription`: the day it came, its scan.")


class CaseSigning(Seen):
    """Who proposes a matter. No keys: who repeats an act is told how the signature stands."""

    model = Case

    @extend_schema(summary="Ask deputies to sign (邀请附议)", request=InviteIn, responses={201: SigningOut})
    @action(detail=True, methods=["post"])
    def cosigners(self, request: Request, **kwargs: object) -> Response:
        """Invite."""
        case, body = self.get_object(), InviteIn.checked(request)
        people = self._people(case, body["people"])
        services.invite_cosigners(case=case, people=people, by=self.actor, now=self.now)
        return self._signing(case, 201)

    @extend_schema(summary="Sign a matter as it was read (附议)", request=SignIn, responses=SigningOut)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, **kwargs: object) -> Response:
        """Sign."""
        case, body = self.get_object(), SignIn.checked(request)
        services.sign(case=case, by=self.actor, now=self.now, **body)
        return self._signing(case)

    @extend_schema(summary="Say no to an invitation", request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, **kwargs: object) -> Response:
        """Decline; the deputy does not see the matter any more."""
        services.decline(case=self.get_object(), by=self.actor, now=self.now)
        return Response(status=204)

    @extend_schema(summary="Take one's signature back", request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="take-signature-back")
    def take_signature_back(self, request: Request, **kwargs: object) -> Response:
        """Take it back; the deputy does not see the matter any more."""
        services.withdraw_signature(case=self.get_object(), by=self.actor, now=self.now)
        return Response(status=204)

    @extend_schema(
        summary="Agree that the mover takes a joint matter back", request=None, responses=SigningOut
    )
    @action(detail=True, methods=["post"], url_path="agree-to-withdraw")
    def agree_to_withdraw(self, request: Request, **kwargs: object) -> Response:
        """Agree; said twice, it is said once."""
        case = self.get_object()
        services.agree_to_withdraw(case=case, by=self.actor, now=self.now)
        return self._signing(case)

    @extend_schema(
        summary="Enter signatures on paper (代录附议)",
        request=PaperSignaturesIn,
        responses={201: SigningOut},
    )
    @action(detail=True, methods=["post"], url_path="paper-signatures")
    def paper_signatures(self, request: Request, **kwargs: object) -> Response:
        """Enter a sheet; who repeats it is told that its scan is used up."""
        case, body = self.get_object(), PaperSignaturesIn.checked(request)
        people = self._people(case, body.pop("people"))
        services.enter_signatures(case=case, people=people, by=self.actor, now=self.now, **body)
        return self._signing(case, 201)

    def _people(self, case: Case, ids: list[str]) -> list[Person]:
        """
        People of the case's jurisdiction, in the order in which they were named.

        :raises NotADeputyHere: if one of them is not there
        """
        known = {one.public_id: one for one in Person.objects.filter(
            jurisdiction=case.jurisdiction_id, public_id__in=ids
        )}  # fmt: skip
        if len(known) != len(ids):
            raise errors.NotADeputyHere
        return [known[one] for one in ids]

    def _signing(self, case: Case, status: int = 200) -> Response:
        shown = present.signing_of(case, self.actor, self.today)
        return Response(SigningOut(shown).data, status=status)
