"""What every test may stand on: a calendar, a town with its people, and a published process."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone, translation

from huiyin.directory.models import Jurisdiction
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import sandbox, storing
from huiyin.rules import services as rules


def at(text: str) -> datetime:
    """A moment in the office's time zone."""
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def chinese(settings):
    """A request leaves its language behind in the thread; every test begins in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The calendar is large and never changes in a test: it is seeded once."""
    with django_db_blocker.unblock():
        rules.seed_calendar()


@pytest.fixture
def profile(db):
    rules.seed_calendar()  # a transactional test before this one has emptied the table
    jurisdiction = Jurisdiction.objects.create(code="rules", name="规则县")
    return rules.load_profile(jurisdiction=jurisdiction, code="zhejiang-2016")


@pytest.fixture(scope="session")
def matter_bundle():
    return bundles.read("matter")


@pytest.fixture
def town(profile):
    return sandbox.build(profile)


@pytest.fixture
def definition(town, matter_bundle):
    return storing.store(matter_bundle, town.jurisdiction, version=1, by=None, now=at("2026-09-01T08:00"))
