"""The scenarios pass every flow, every gateway outcome and every end; and each flow is needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from huiyin.lifecycle import bundle as bundles
from huiyin.lifecycle import coverage, gate, scenarios

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHIPPED = {name: bundles.read(name) for name in bundles.shipped()}


def flows_of(diagram: bytes) -> list[str]:
    return [flow.get("id") for flow in etree.fromstring(diagram).iter(f"{BPMN}sequenceFlow")]


FLOWS = [
    (name, drawn, flow)
    for name, one in SHIPPED.items()
    for drawn, diagram in {name: one.diagram, **one.called}.items()
    for flow in flows_of(diagram)
]
#: A sample in the everyday run: one of each sort; the long run removes every flow.
SAMPLE = {
    ("matter", "f_accepted"),
    ("matter", "f_upheld"),
    ("matter", "f_no_deputy"),
    ("matter", "f_talk"),
    ("matter", "f_ruled"),
    ("suggestion", "f_rate_expired"),
    ("suggestion", "f_cosign"),
    ("suggestion", "f_silent"),
    ("suggestion", "f_meet"),
    ("livelihood", "f_redo"),
    ("bill", "f_short"),
}


def cut(diagram: bytes, flow: str) -> bytes:
    """A diagram with one flow removed, and nothing left that points to it."""
    root = etree.fromstring(diagram)
    for element in list(root.iter()):
        if element.get("default") == flow:
            del element.attrib["default"]
        if element.get("id") == flow or element.get("bpmnElement") == flow:
            element.getparent().remove(element)
    return etree.tostring(root)


def without(name: str, drawn: str, flow: str) -> bundles.Bundle:
    one = SHIPPED[name]
    if drawn == name:
        return replace(one, diagram=cut(one.diagram, flow))
    return replace(one, called={**one.called, drawn: cut(one.called[drawn], flow)})


@pytest.mark.parametrize("name", SHIPPED)
def test_is_complete(profile, name):
    one = SHIPPED[name]
    shares = coverage.measure(gate.compiled(one, profile), scenarios.run_all(one, profile))
    assert {share.what: share.missing for share in shares} == {
        "flows": (),
        "gateway outcomes": (),
        "ends": (),
    }
    assert all(share.total > 0 for share in shares)


def test_says_what_is_missing(profile):
    one = SHIPPED["matter"]
    shares = coverage.measure(gate.compiled(one, profile), [scenarios.run(one, profile, one.scenarios[0])])
    flows = next(share for share in shares if share.what == "flows")
    assert "f_declined" in flows.missing
    assert flows.percent < 100


@pytest.mark.parametrize(
    ("name", "drawn", "flow"),
    [
        pytest.param(*one, id="-".join(one), marks=[] if (one[0], one[2]) in SAMPLE else [pytest.mark.long])
        for one in FLOWS
    ],
)
def test_notices_when_a_flow_is_removed(profile, name, drawn, flow):
    broken = without(name, drawn, flow)
    if gate.check(broken, profile):
        return
    with pytest.raises(scenarios.ScenarioFailed):
        scenarios.run_all(broken, profile)
