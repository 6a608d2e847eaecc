from datetime import date

import pytest
from django.db import IntegrityError

from huiyin.congress import errors, selectors, services
from huiyin.congress.models import Collection
from huiyin.directory.actors import NotYourAct
from tests.congress.conftest import NOW


def announce(congress, closes_on=date(2026, 10, 1), by=None, **given):
    return services.announce_collection(
        **{"place": congress.county, "title": "明年民生实事项目征集", **given},
        kind="project",
        opens_on=date(2026, 9, 1),
        closes_on=closes_on,
        by=by or congress.office,
        now=NOW,
    )


def test_a_collection_is_open_for_thirty_days(congress):
    found = announce(congress)
    assert selectors.open_collection("project", congress.town.place, date(2026, 9, 1)) == found
    assert selectors.open_collection("project", congress.county, date(2026, 10, 1)) == found


def test_a_shorter_one_is_refused(congress):
    with pytest.raises(errors.CollectionTooShort):
        announce(congress, closes_on=date(2026, 9, 30))


def test_the_database_refuses_a_shorter_one_too(congress):
    with pytest.raises(IntegrityError, match="a_collection_is_open_for_thirty_days"):
        Collection.objects.create(
            jurisdiction=congress.town.jurisdiction,
            place=congress.county,
            kind="project",
            title="短",
            opens_on=date(2026, 9, 1),
            closes_on=date(2026, 9, 30),
        )


def test_nothing_is_collected_outside_its_days_kind_and_place(congress):
    announce(congress, place=congress.town.place.parent)
    assert selectors.open_collection("project", congress.town.place, date(2026, 10, 2)) is None
    assert selectors.open_collection("bill", congress.town.place, date(2026, 9, 2)) is None
    assert selectors.open_collection("project", congress.county, date(2026, 9, 2)) is None


def test_only_the_congress_office_announces_one_with_a_title(congress):
    with pytest.raises(NotYourAct):
        announce(congress, by=congress.actor(congress.deputies[0]))
    with pytest.raises(errors.WordsMissing):
        announce(congress, title=" ")
