"""Reads of what is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.models import Fact
from huiyin.cases.querysets import CLOSED
from huiyin.core.searching import holding

if TYPE_CHECKING:
    from huiyin.directory.actors import Actor
    from huiyin.directory.models import Place


#: Ends after which there is nothing for everybody to read.
NOT_TAKEN_UP = frozenset({"declined", "merged", "converted", "withdrawn"})


class PublicationQuerySet(QuerySet[Any]):
    """Publications."""

    def visible_to(self, actor: Actor) -> PublicationQuerySet:
        """What stands is seen by everybody, also without an account; a matter that became confidential by nobody."""
        closed = Fact.objects.filter(case=OuterRef("case"), name="publicity", text=CLOSED)
        seen = self.standing().filter(~Exists(closed), case__restricted=False)
        return seen.exclude(case__jurisdiction__is_trial=True).exclude(case__outcome__in=NOT_TAKEN_UP)

    def standing(self) -> PublicationQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def at(self, place: Place) -> PublicationQuerySet:
        """Those of matters in a place."""
        return self.filter(case__place__path__startswith=place.path)

    def saying(self, words: str) -> PublicationQuerySet:
        """Those in which words stand, of the question or of the answer."""
        return self.filter(holding(words, "title", "words", "answer"))
