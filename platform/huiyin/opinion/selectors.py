"""Reads of what is public: what is like a text, and how many have met a matter too."""

from __future__ import annotations

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from huiyin.cases.models import Reply
from huiyin.directory.actors import PUBLIC
from huiyin.directory.models import Place
from huiyin.opinion.likeness import likeness, pairs
from huiyin.opinion.models import Publication, Supporter
from huiyin.opinion.querysets import PublicationQuerySet

#: a text this like another one may be about the same thing; too low costs the reporter a glance, too high a duplicate
ALIKE = 0.25
#: the newest of a township are looked at, and so many of them shown
LOOKED_AT, SHOWN = 300, 3


def similar_to(text: str, place: Place) -> list[Publication]:
    """Published matters of the place's township that may be about the same thing, the likest first."""
    town = (
        Place.objects.above(place).filter(level__in=[Place.Level.TOWN, Place.Level.STREET]).first() or place
    )
    wanted = pairs(text)
    found = []
    for row in (
        counted(Publication.objects.visible_to(PUBLIC)).at(town).select_related("case__place")[:LOOKED_AT]
    ):
        alike = max(likeness(wanted, pairs(row.title)), likeness(wanted, pairs(f"{row.title} {row.words}")))
        if alike >= ALIKE:
            found.append((alike, row))
    return [row for _alike, row in sorted(found, key=lambda item: -item[0])[:SHOWN]]


def counted(rows: PublicationQuerySet) -> PublicationQuerySet:
    """
    The newest first, each with `met_by`: how many have said 我也遇到, and `is_handled_again`: what was answered did not
    satisfy, and the next answer is awaited.
    """
    # Counted for each row by itself: a county has tens of thousands of them, and a page shows fifteen.
    met = Supporter.objects.filter(publication=OuterRef("pk")).order_by().values("publication")
    number = Subquery(met.annotate(n=Count("pk")).values("n"))
    answered = Reply.objects.filter(case=OuterRef("case"), round=OuterRef("case__round"))
    again = Q(case__closed_at__isnull=True, case__round__gt=1) & ~Exists(answered)
    seen = rows.annotate(
        met_by=Coalesce(number, 0), is_handled_again=ExpressionWrapper(again, BooleanField())
    )
    return seen.order_by("-published_at", "-id")
