"""Pressing for delivery."""

from __future__ import annotations

from tests.api.conftest import is_problem


def test_stands_in_the_history(office, handled):
    answer = office.write(f"/cases/{handled.public_id}/urge/", {"words": "请于本周内答复。"})
    assert answer.status_code == 204, answer.content
    told = office.read(f"/cases/{handled.public_id}/history/").json()
    assert told[0]["kind"] == "urged"
    assert "请于本周内答复。" in told[0]["text"]


def test_refuses_someone_whose_post_does_not_include_it(caller, office, handled):
    answer = caller("a").write(f"/cases/{handled.public_id}/urge/", {"words": "快一点"})
    assert is_problem(answer, 403, "not_your_act")
    assert all(
        entry["kind"] != "urged" for entry in office.read(f"/cases/{handled.public_id}/history/").json()
    )


def test_refuses_to_urge_without_words(office, handled):
    answer = office.write(f"/cases/{handled.public_id}/urge/", {"words": " "})
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["words"]


def test_refuses_a_case_that_is_closed(office, case, play):
    play(case, "screen", {"screening": "return", "reason": "请向市场监管局投诉。"})
    answer = office.write(f"/cases/{case.public_id}/urge/", {"words": "快一点"})
    assert is_problem(answer, 409, "case_closed")
