"""The scenarios pass every flow, every gateway outcome and every end; and each flow is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from huiyin import engine
from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import coverage, gate, scenarios

MATTER = bundles.read("matter")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FLOWS = [flow.get("id") for flow in etree.fromstring(MATTER.diagram).iter(f"{BPMN}sequenceFlow")]
#: A sample in the everyday run: one of each sort; the long run removes every flow.
SAMPLE = {
    "f_accepted",
    "f_upheld",
    "f_no_deputy",
    "f_rate_expired",
    "f_talk",
    "f_again",
    "f_received",
    "f_merged",
}


def without(flow: str) -> bundles.Bundle:
    """The process with one flow removed, and nothing left that points to it."""
    root = etree.fromstring(MATTER.diagram)
    for element in list(root.iter()):
        if element.get("default") == flow:
            del element.attrib["default"]
        if element.get("id") == flow or element.get("bpmnElement") == flow:
            element.getparent().remove(element)
    return replace(MATTER, diagram=etree.tostring(root))


def test_is_complete(profile):
    runs = scenarios.run_all(MATTER, profile)
    process = engine.compile_process(MATTER.diagram, tables=[*MATTER.tables, *profile.tables])
    shares = coverage.measure(process, runs)
    assert {share.what: share.missing for share in shares} == {
        "flows": (),
        "gateway outcomes": (),
        "ends": (),
    }
    assert all(share.total > 0 for share in shares)


def test_says_what_is_missing(profile):
    process = engine.compile_process(MATTER.diagram, tables=[*MATTER.tables, *profile.tables])
    shares = coverage.measure(process, [scenarios.run(MATTER, profile, MATTER.scenarios[0])])
    flows = next(share for share in shares if share.what == "flows")
    assert "f_declined" in flows.missing
    assert flows.percent < 100


@pytest.mark.parametrize(
    "flow", [pytest.param(f, marks=[] if f in SAMPLE else [pytest.mark.long]) for f in FLOWS]
)
def test_notices_when_a_flow_is_removed(profile, flow):
    broken = without(flow)
    if gate.check(broken, profile):
        return
    with pytest.raises(scenarios.ScenarioFailed):
        scenarios.run_all(broken, profile)
