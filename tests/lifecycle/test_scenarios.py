"""The shipped processes do what their scenarios say, and the scenarios pass every flow."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.management import CommandError, call_command

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import scenarios

BROKEN = dataclasses.replace(bundles.read("bill"), forms={})
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


def test_the_command_names_the_scenario_that_fails_and_goes_on(db, monkeypatch, capsys):
    bill, read = bundles.read("bill"), bundles.read
    wrong, *rest = bill.scenarios
    told = {**wrong, "expect": {**wrong["expect"], "outcome": "withdrawn"}}
    changed = dataclasses.replace(bill, scenarios=(told, *rest))
    monkeypatch.setattr(bundles, "read", lambda process: changed if process == "bill" else read(process))
    with pytest.raises(CommandError, match="1 scenarios do not end"):
        call_command("scenarios", "bill")
    out = capsys.readouterr().out
    assert f"FAIL {wrong['file']}" in out
    assert out.count("ok   ") == len(rest)


def test_the_command_lists_what_keeps_a_process_from_running(db, monkeypatch):
    monkeypatch.setattr(bundles, "read", lambda process: BROKEN)
    with pytest.raises(CommandError, match="cannot run"):
        call_command("scenarios", "bill")
