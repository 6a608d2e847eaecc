"""The shipped processes do what their scenarios say, and the scenarios pass every flow."""

from __future__ import annotations

import pytest

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import scenarios

ALL = [
    pytest.param(one, scenario, id=f"{name}/{scenario['file']}")
    for name in bundles.shipped()
    for one in [bundles.read(name)]
    for scenario in one.scenarios
]


@pytest.mark.parametrize(("bundle", "scenario"), ALL)
def test_ends_as_it_says(profile, bundle, scenario):
    found = scenarios.run(bundle, profile, scenario)
    assert found.passed
