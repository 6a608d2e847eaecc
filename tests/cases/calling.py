"""The shipped process with a service task in it."""

from __future__ import annotations

from dataclasses import replace

from huiyin.lifecycle import bundle as bundles
from tests.engine.drawing import service


def redrawn(**properties: str) -> bundles.Bundle:
    """The shipped process, with a service task between 交办 and 办理."""
    shipped = bundles.read("matter")
    flow = '<sequenceFlow id="f_dispatched" sourceRef="dispatch" targetRef="handling" />'
    drawn = service("announce", **properties) + "".join(
        [
            '<sequenceFlow id="f_dispatched" sourceRef="dispatch" targetRef="announce" />',
            '<sequenceFlow id="f_announced" sourceRef="announce" targetRef="handling" />',
        ]
    )
    text = shipped.diagram.decode()
    assert flow in text
    into = "<incoming>f_dispatched</incoming>"
    text = text.replace(flow, drawn).replace(into, "<incoming>f_announced</incoming>")
    return replace(shipped, diagram=text.encode())
