"""The shipped processes do what their scenarios say, and the scenarios pass every flow."""

from __future__ import annotations

import pytest

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import scenarios

MATTER = bundles.read("matter")


@pytest.mark.parametrize("scenario", MATTER.scenarios, ids=lambda scenario: scenario["file"])
def test_ends_as_it_says(profile, scenario):
    found = scenarios.run(MATTER, profile, scenario)
    assert found.passed
