"""Reads of what the congress keeps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from huiyin.cases.querysets import sight_of
from huiyin.directory.querysets import places_where
from huiyin.directory.roles import Role

if TYPE_CHECKING:
    from huiyin.directory.actors import Actor


class PublicQuerySet(QuerySet[Any]):
    """Sessions and collections."""

    def visible_to(self, actor: Actor) -> PublicQuerySet:
        """When a congress meets and what it collects is public."""
        return self.all()

    def where_may(self, actor: Actor, act: str) -> PublicQuerySet:
        """Those of the places where one of the actor's posts allows an act of the policy table."""
        return self.filter(places_where(actor, act, "place__"))


class SignatureQuerySet(QuerySet[Any]):
    """Signatures."""

    def visible_to(self, actor: Actor) -> SignatureQuerySet:
        """A signature is seen with its case, and by the deputy who was asked for it."""
        seen = sight_of(actor, "case__")
        if actor.person is not None:
            seen |= Q(deputy=actor.person)
        return self.filter(seen)

    def signed(self) -> SignatureQuerySet:
        """Signatures that were given and not taken back, on whatever text."""
        return self.filter(signed_at__isnull=False, withdrawn_at__isnull=True)

    def counting(self, text_hash: str) -> SignatureQuerySet:
        """Signatures that count for a text."""
        return self.signed().filter(text_hash=text_hash)


class CommitmentQuerySet(QuerySet[Any]):
    """Commitments."""

    def visible_to(self, actor: Actor) -> CommitmentQuerySet:
        """A commitment is seen with its case, and by the unit that made it."""
        return self.filter(sight_of(actor, "case__") | Q(unit__in=actor.units, case__restricted=False))

    def open(self) -> CommitmentQuerySet:
        """Commitments that are not kept and rated."""
        return self.filter(closed_at__isnull=True)

    def late_on(self, day: date) -> CommitmentQuerySet:
        """Commitments past their day that the unit has not reported as kept."""
        return self.open().filter(kept_at__isnull=True, due_on__lt=day)


class KeyCaseQuerySet(QuerySet[Any]):
    """Key cases (重点督办)."""

    def visible_to(self, actor: Actor) -> KeyCaseQuerySet:
        """What is on the key list is seen with its case: decision, leader, plan and report are work in the open."""
        return self.filter(sight_of(actor, "case__"))

    def standing(self) -> KeyCaseQuerySet:
        """Those that were not taken off the list; a report leaves them on it."""
        return self.filter(delisted_on__isnull=True)


def ballots_of(actor: Actor, prefix: str = "") -> Q:
    """Who sees a ballot: everybody once it is counted; the congress office before; who is on its roll while it is open."""

    def q(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    seen = q(state="counted")
    if actor.person is not None:
        from huiyin.congress.models import RollEntry

        seen |= q(pk__in=RollEntry.objects.filter(person=actor.person).values("ballot_id"))
    for post in actor.with_role(Role.CONGRESS_OFFICE):
        seen |= q(session__place__path__startswith=post.place_path)
    return seen


class BallotQuerySet(QuerySet[Any]):
    """Ballots."""

    def visible_to(self, actor: Actor) -> BallotQuerySet:
        """See :func:`ballots_of`."""
        return self.filter(ballots_of(actor))


class CandidateQuerySet(QuerySet[Any]):
    """Candidates of ballots."""

    def visible_to(self, actor: Actor) -> CandidateQuerySet:
        """A candidate is seen with its ballot."""
        return self.filter(ballots_of(actor, "ballot__"))


class ImportQuerySet(QuerySet[Any]):
    """Files of suggestions."""

    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """Those who may enter a deputy's paper there."""
        return self.filter(places_where(actor, "case.transcribe_deputy", "place__"))


class ImportRowQuerySet(QuerySet[Any]):
    """Rows of files."""

    def visible_to(self, actor: Actor) -> ImportRowQuerySet:
        """With their file."""
        return self.filter(places_where(actor, "case.transcribe_deputy", "batch__place__"))

    def to_do(self) -> ImportRowQuerySet:
        """Rows that wait to be entered."""
        return self.filter(problems=[], done_at=None)


class PairQuerySet(QuerySet[Any]):
    """Matters that were compared."""

    def visible_to(self, actor: Actor) -> PairQuerySet:
        """Who sees both."""
        return self.filter(sight_of(actor, "first__"), sight_of(actor, "second__"))


class SourceQuerySet(QuerySet[Any]):
    """Matters from which suggestions were drafted."""

    def visible_to(self, actor: Actor) -> SourceQuerySet:
        """Who sees both."""
        return self.filter(sight_of(actor, "suggestion__"), sight_of(actor, "matter__"))


class LetterTemplateQuerySet(QuerySet[Any]):
    """答复函模板."""

    def visible_to(self, actor: Actor) -> LetterTemplateQuerySet:
        """Those of the units in which the actor handles or heads."""
        return self.filter(unit__in=actor.units)
