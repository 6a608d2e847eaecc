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
from huiyin.lifecycle import gate
from huiyin.lifecycle.publish import examine, publish
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


def test_is_refused_with_every_scenario_that_ends_otherwise(profile):
    wrong = {**QUICK.scenarios[0], "expect": {"outcome": "answered"}}
    lost = {**QUICK.scenarios[0], "name": "没有步骤", "steps": []}
    both = replace(QUICK, scenarios=(wrong, QUICK.scenarios[0], lost))
    with pytest.raises(gate.GateClosed) as refused:
        publish(bundle=both, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    assert [found.code for found in refused.value.findings] == ["scenario-fails", "scenario-fails"]
    assert "outcome is declined, expected answered" in refused.value.findings[0].en
    assert "没有步骤" in refused.value.findings[1].zh
    assert not Definition.objects.exists()


def test_says_which_part_a_scenario_lacks(profile):
    lacking = replace(QUICK, scenarios=({"file": "half.yaml", "name": "半个"},))
    found = examine(bundle=lacking, jurisdiction=profile.jurisdiction, now=NOW)
    assert [(one.code, "received, report, steps, expect" in one.en) for one in found] == [
        ("scenario-fails", True)
    ]


def test_can_never_be_changed_or_deleted(profile):
    definition = publish(bundle=QUICK, jurisdiction=profile.jurisdiction, by=None, now=NOW)
    for change in (
        lambda: Definition.objects.filter(pk=definition.pk).update(name="x"),
        lambda: Definition.objects.filter(pk=definition.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
