"""Published definitions."""

from __future__ import annotations

from lxml import etree

from tests.api.conftest import is_problem
from tests.api.test_list_tasks import walk


def test_are_listed_with_their_versions(stranger, definition):
    (shown,) = walk(stranger, "/definitions/", process="matter")
    assert (shown["id"], shown["version"], shown["digest"]) == (definition.public_id, 1, definition.digest)
    assert [stage["id"] for stage in shown["stages"]][:2] == ["reported", "screening"]
    assert walk(stranger, "/definitions/", process="motion") == []


def test_tell_their_forms(stranger, definition):
    forms = {
        form["name"]: form for form in stranger.read(f"/definitions/{definition.public_id}/").json()["forms"]
    }
    assert {"report", "screen", "dispatch", "reply", "rate"} <= set(forms)
    assert forms["report"]["schema"]["required"] == ["category"]


def test_show_their_diagram(stranger, definition):
    answer = stranger.read(f"/definitions/{definition.public_id}/diagram/")
    assert answer["Content-Type"] == "application/xml"
    assert etree.fromstring(answer.content).tag.endswith("definitions")


def test_are_not_there_under_another_id(stranger, definition):
    assert is_problem(stranger.read("/definitions/nothing/"), 404, "not_found")
    assert is_problem(stranger.read("/definitions/nothing/diagram/"), 404, "not_found")
