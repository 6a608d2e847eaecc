"""Publishing: once, whole, and for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from huiyin.cases.models import Case
from huiyin.definitions.models import Definition
from huiyin.directory.actors import NotYourAct
from huiyin.history import selectors as history
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import gate, scenarios
from huiyin.lifecycle.publish import publish
from tests.conftest import at

NOW = at("2026-09-01T08:00")
QUICK = replace(bundles.read("matter"), scenarios=bundles.read("matter").scenarios[4:5])


def test_stores_a_version_and_remembers_it(profile):
    definition = publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    assert definition.version == 1
    assert [e.kind for e in history.entries_of("definition", definition.pk)] == ["definition_published"]
    assert not Case.objects.exists()


def test_is_the_same_version_when_nothing_changed_and_the_next_when_something_did(profile):
    first = publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    again = publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    renamed = replace(QUICK, name={"zh": "民情事项（试行）", "en": "Matter"})
    assert again == first
    assert publish(bundle=renamed, jurisdiction=profile.jurisdiction, by=None, now=NOW).version == 2


def test_is_refused_to_those_who_do_not_design(profile, town):
    with pytest.raises(NotYourAct):
        publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=town.actors["office"], now=NOW)


def test_is_refused_with_every_finding(profile):
    broken = replace(QUICK, diagram=QUICK.diagram.replace(b'value="screen"', b'value="sift"', 1))
    with pytest.raises(gate.GateClosed) as refused:
        publish(bundle=broken, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    assert {found.code for found in refused.value.findings} == {"no-form", "unused-form"}
    assert not Definition.objects.exists()


def test_is_refused_when_a_scenario_ends_otherwise(profile):
    wrong = {**QUICK.scenarios[0], "expect": {"outcome": "answered"}}
    with pytest.raises(scenarios.ScenarioFailed):
        publish(
            bundle=replace(QUICK, scenarios=(wrong,)), jurisdiction=profile.jurisdiction, by=None, now=NOW
        )
    assert not Definition.objects.exists()


def test_can_never_be_changed_or_deleted(profile):
    definition = publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    for change in (
        lambda: Definition.objects.filter(pk=definition.pk).update(name="x"),
        lambda: Definition.objects.filter(pk=definition.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
