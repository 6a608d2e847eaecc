"""The demo: seeded once, in a demo only, with something on every page."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from huiyin.cases.models import Case, Task
from huiyin.congress.selectors import deputies_of_congress
from huiyin.core import time_source
from huiyin.definitions.models import Definition
from huiyin.directory.models import Account, Place
from huiyin.history import selectors as history
from huiyin.jobs.models import Incident, Job
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import measure
from huiyin.lifecycle.demo import monday
from huiyin.lifecycle.scenarios import rolled_back
from huiyin.rules import services as rules


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """One seeding serves every test of this file; it is rolled back at the end."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), rolled_back():
        rules.seed_calendar()
        call_command("seed_demo")
        yield


def test_plays_its_matters_to_where_they_stand(seeded):
    assert set(Case.objects.values_list("outcome", flat=True)) == {"", "answered", "declined", "withdrawn"}
    assert {"screen", "dispatch", "sign", "work", "citizen_rate", "study"} <= set(
        Task.objects.open().values_list("step_id", flat=True)
    )
    assert Case.objects.filter(round=2).exists()


def test_leaves_no_fault_and_no_incident(seeded):
    assert not list(history.faults())
    assert not Incident.objects.exists()
    assert not Job.objects.filter(attempts__gt=0).exists()


def test_gives_every_role_an_account(seeded):
    accounts = Account.objects.filter(is_demo=True)
    roles = set(accounts.values_list("person__posts__role", flat=True))
    assert roles == {
        "deputy", "station", "congress_office", "government_office", "handler", "unit_head", "supervisor",
        "designer", "admin",
    }  # fmt: skip


def test_changes_nothing_when_it_is_seeded_again(seeded):
    before = measure.digest()
    call_command("seed_demo")
    assert measure.digest() == before


def test_names_the_process_that_cannot_be_published(db, settings, monkeypatch):
    settings.DEMO = True
    broken = dataclasses.replace(bundles.read("bill"), forms={})
    monkeypatch.setattr(bundles, "shipped", lambda: ["bill"])
    monkeypatch.setattr(bundles, "read", lambda process: broken)
    with pytest.raises(CommandError, match=r"bill: .*manage publish bill --check"):
        call_command("seed_demo")


def test_an_older_version_goes_on_where_the_newer_cannot_be_published(seeded, monkeypatch, capsys):
    before = Definition.objects.filter(process="bill").count()
    broken = dataclasses.replace(bundles.read("bill"), forms={})
    read = bundles.read
    monkeypatch.setattr(bundles, "read", lambda process: broken if process == "bill" else read(process))
    call_command("seed_demo")
    assert "bill: " in capsys.readouterr().err
    assert Definition.objects.filter(process="bill").count() == before


def test_is_refused_in_a_real_installation(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="a real one"):
        call_command("seed_demo")
    assert not Case.objects.exists()


def test_has_a_list_for_the_monday_after_the_session(seeded):
    county = Place.objects.get(level=Place.Level.COUNTY)
    deputies = list(deputies_of_congress(county, time_source.today()))
    rows, names = monday.rows(county, deputies), {person.name for person in deputies}
    assert len({(row["title"], row["mover"]) for row in rows}) == monday.ROWS == len(rows)
    assert [row["mover"] in names for row in rows].count(False) == 1
    assert [bool(row["asks"]) for row in rows].count(False) == 1
    seconds = {name for row in rows for name in row["cosigners"].split("、") if name}
    assert seconds <= names
