"""Ballots: open, vote, enter paper, count, and the file for counting again."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import In, Listed
from api.negotiation import AsItIs
from api.pagination import Keyset
from huiyin.congress import errors, services
from huiyin.congress.models import Ballot, BallotCandidate, RollEntry
from huiyin.directory.models import Person

MOST_MARKS, MOST_PAPERS = 500, 5000


class ByPreparation(Keyset):
    """Prepared last, first."""

    order = ("-id",)


class BallotFilter(filters.FilterSet):
    """Which ballots."""

    state = filters.ChoiceFilter(choices=Ballot.State.choices)
    session = filters.CharFilter(field_name="session__public_id", help_text="A session's id.")

    class Meta:
        model = Ballot
        fields: tuple[str, ...] = ()


class BallotOut(serializers.Serializer):
    """A ballot in a list; while it is open, how many have voted and never what."""

    id = serializers.CharField(source="public_id")
    session = serializers.CharField(source="session.public_id")
    session_name = serializers.CharField(source="session.name")
    title = serializers.CharField()
    method = serializers.CharField(help_text="`approval` or `ranked`.")
    places = serializers.IntegerField(help_text="How many may be chosen.")
    state = serializers.CharField(help_text="`draft`, `open` or `counted`.")
    roll = serializers.IntegerField(source="roll_size", help_text="How many may vote; 0 before it opens.")
    voted = serializers.IntegerField(source="have_voted", help_text="How many have voted.")
    opened_at = serializers.DateTimeField(allow_null=True)
    counted_at = serializers.DateTimeField(allow_null=True)


class CandidateOut(serializers.Serializer):
    """A candidate."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    case = serializers.CharField(source="case.public_id")


class VoterOut(serializers.Serializer):
    """Someone on the roll, for those who enter paper votes."""

    id = serializers.CharField(source="person.public_id")
    name = serializers.CharField(source="person.name")
    voted = serializers.BooleanField()


class BallotDetailOut(BallotOut):
    """A ballot with its candidates, and its result once it is counted."""

    quorum = serializers.ListField(child=serializers.IntegerField(), help_text="Of the roll, at least.")
    majority = serializers.ListField(child=serializers.IntegerField(), help_text="Of the roll, more than.")
    candidates = CandidateOut(many=True)
    have_i_voted = serializers.BooleanField(allow_null=True, help_text="Null for who is not on the roll.")
    voters = VoterOut(many=True, help_text="The roll, for the congress office alone.")
    result = serializers.DictField(allow_null=True, help_text="As in the recount file.")

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """A ballot comes with what was read beside it."""
        ballot: Ballot = instance["ballot"]
        return {
            **BallotOut(ballot).data,
            "quorum": [ballot.quorum_numerator, ballot.quorum_denominator],
            "majority": [ballot.majority_numerator, ballot.majority_denominator],
            "candidates": CandidateOut(instance["candidates"], many=True).data,
            "have_i_voted": instance["have_i_voted"],
            "voters": VoterOut(instance["voters"], many=True).data,
            "result": ballot.result,
        }


class MarksField(serializers.ListField):
    """Numbers of candidates."""

    child = serializers.IntegerField(min_value=0, max_value=32767)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_MARKS, **kwargs)


class VoteIn(In):
    """A vote."""

    marks = MarksField(help_text="Numbers of candidates, best first in a ranked ballot; none to abstain.")
    confirm = serializers.BooleanField(
        default=False, help_text="Cast a vote with too many marks all the same; it is then invalid."
    )


class ReceiptOut(serializers.Serializer):
    """The code that finds the vote again; it is given once and belongs to nobody."""

    receipt = serializers.CharField()


class PaperVotesIn(In):
    """The papers of a box and who put one in, each in any order."""

    votes = serializers.ListField(
        child=MarksField(allow_null=True),
        max_length=MOST_PAPERS,
        help_text="The marks of each paper; null for one that nobody can read.",
    )
    voters = serializers.ListField(
        child=serializers.CharField(max_length=16), max_length=MOST_PAPERS, help_text="Ids of people."
    )


class EnteredOut(serializers.Serializer):
    """How many papers were taken."""

    entered = serializers.IntegerField()


@extend_schema_view(list=extend_schema(summary="The ballots one may see, newest first"))
class BallotViewSet(Listed):
    """Secret ballots (票决)."""

    model = Ballot
    serializer_class = BallotOut
    filterset_class = BallotFilter
    pagination_class = ByPreparation

    def narrow(self, seen: QuerySet[Ballot]) -> QuerySet[Ballot]:
        """With how many have voted."""
        return seen.select_related("session__place").annotate(
            roll_size=Count("roll", distinct=True),
            have_voted=Count("roll", filter=Q(roll__voted=True), distinct=True),
        )

    def _detail(self) -> Response:
        row, person = self.get_object(), self.actor.person
        roll = RollEntry.objects.filter(ballot=row)
        runs_it = self.actor.may("congress.ballot", row.session.place)
        voters = roll.select_related("person").order_by("person__pinyin", "person_id") if runs_it else ()
        seen = BallotCandidate.objects.visible_to(self.actor).filter(ballot=row)
        shown = {
            "ballot": row,
            "candidates": seen.select_related("case").order_by("number"),
            "have_i_voted": roll.filter(person=person).values_list("voted", flat=True).first(),
            "voters": voters,
        }
        return Response(BallotDetailOut(shown).data)

    @extend_schema(
        summary="A ballot with its candidates and, once counted, its result", responses=BallotDetailOut
    )
    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A ballot."""
        return self._detail()

    @extend_schema(
        summary="Cast a vote; a second one is refused", request=VoteIn, responses={201: ReceiptOut}
    )
    @action(detail=True, methods=["post"])
    def votes(self, request: Request, **kwargs: object) -> Response:
        """Cast a vote and get the code that finds it again. No key: who repeats it is told `already_voted`."""
        code = services.cast(ballot=self.get_object(), by=self.actor, now=self.now, **VoteIn.checked(request))
        return Response({"receipt": code}, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="Enter the papers of a box and who put one in",
        request=PaperVotesIn,
        responses={201: EnteredOut},
    )
    @action(detail=True, methods=["post"], url_path="paper-votes")
    def paper_votes(self, request: Request, **kwargs: object) -> Response:
        """
        Enter paper votes. No key: who repeats it is told `already_voted`.

        :raises NotYourAct: without the right, at the congress's place
        :raises NotOnRoll: if one of the voters is nobody on the roll
        """
        ballot, body = self.get_object(), PaperVotesIn.checked(request)
        self.actor.require("congress.ballot", ballot.session.place)
        roll = Person.objects.filter(pk__in=RollEntry.objects.filter(ballot=ballot).values("person"))
        known = {one.public_id: one for one in roll.filter(public_id__in=set(body["voters"]))}
        if any(voter not in known for voter in body["voters"]):
            raise errors.NotOnRoll
        entered = services.enter_paper_votes(
            ballot=ballot,
            votes=body["votes"],
            voters=[known[voter] for voter in body["voters"]],
            by=self.actor,
            now=self.now,
        )
        return Response({"entered": entered}, status=201)

    @extend_schema(summary="Freeze the roll and let voting begin", request=None, responses=BallotDetailOut)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, **kwargs: object) -> Response:
        """Open."""
        services.open_ballot(ballot=self.get_object(), by=self.actor, now=self.now)
        return self._detail()

    @extend_schema(summary="End the voting and count", request=None, responses=BallotDetailOut)
    @action(detail=True, methods=["post"])
    def count(self, request: Request, **kwargs: object) -> Response:
        """Count."""
        services.close_and_count(ballot=self.get_object(), by=self.actor, now=self.now)
        return self._detail()

    @extend_schema(
        summary="The file for counting again",
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    @action(detail=True, url_path="recount-file", content_negotiation_class=AsItIs)
    def recount_file(self, request: Request, **kwargs: object) -> HttpResponse:
        """Candidates, rules, votes by the hash of their receipt, and the result; its bytes are those of the history's hash."""
        text = services.recount_file(ballot=self.get_object())
        return HttpResponse(text, content_type="application/json; charset=utf-8")
