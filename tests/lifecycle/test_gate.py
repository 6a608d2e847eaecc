"""Everything that must hold before a bundle is published; each finding names its element and its remedy."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import gate
from huiyin.rules.models import Rule

MATTER = bundles.read("matter")


def codes(bundle, profile) -> set[str]:
    return {found.code for found in gate.check(bundle, profile)}


def redrawn(before: str, after: str) -> bundles.Bundle:
    text = MATTER.diagram.decode()
    assert before in text
    return replace(MATTER, diagram=text.replace(before, after, 1).encode())


def with_forms(**changes) -> bundles.Bundle:
    forms = copy.deepcopy(MATTER.forms)
    for name, document in changes.items():
        if document is None:
            del forms[name]
        else:
            forms[name] = document
    return replace(MATTER, forms=forms)


def test_lets_the_shipped_process_pass(profile):
    assert gate.check(MATTER, profile) == []


@pytest.mark.parametrize(
    ("bundle", "code"),
    [
        (redrawn('value="screen"', 'value="sift"'), "no-form"),
        (with_forms(spare=MATTER.forms["rate"]), "unused-form"),
        (with_forms(progress=None), "no-standing-form"),
        (with_forms(rate={"title": {}, "schema": {}, "ui": {}}), "broken-form"),
        (redrawn('value="unit(lead)"', 'value="unit(best)"'), "unknown-address"),
        (redrawn('value="unit(lead)"', 'value="completer(nobody)"'), "unknown-completer"),
        (redrawn('value="matter.sign"', 'value="matter.sing"'), "unknown-rule"),
        (redrawn('name="starts" value="matter.answer"', 'name="starts" value="matter.sign"'), "never-met"),
        (redrawn('value="screening"', 'value="sifting"'), "unknown-stage"),
        (redrawn('name="withdraw"', 'name="retreat"'), "message-not-sent"),
        (redrawn('name="rate.expired"', 'name="rate.over"'), "message-not-caught"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_finds(profile, bundle, code):
    found = [finding for finding in gate.check(bundle, profile) if finding.code == code]
    assert found
    assert all(finding.zh and finding.en and finding.remedy_zh and finding.remedy_en for finding in found)


def test_asks_the_profile_for_its_marks(profile):
    Rule.objects.filter(profile=profile, code="matter.rate").update(marks=[{"name": "expire"}])
    assert "message-not-sent" in codes(MATTER, profile)
