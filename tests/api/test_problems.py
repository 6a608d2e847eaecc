"""Errors are problem documents."""

from __future__ import annotations

import json

import pytest

from api.problems import code_of
from huiyin.cases import errors as cases
from huiyin.congress import errors as congress
from tests.api.conftest import is_problem


@pytest.mark.parametrize("path", ["/nothing/", "/", "/cases/../x/", "/cases/%00/", "/cases/A%2F/", "/tasks"])
def test_an_address_that_is_not_there_is_a_problem(office, path):
    assert is_problem(office.read(path), 404, "not_found")
    assert is_problem(office.write(path, {}), 404, "not_found")


def test_the_hint_says_how_addresses_end(office):
    assert "/" in office.read("/tasks").json()["detail"]


def test_a_method_that_is_not_there_is_a_problem(office, case):
    assert is_problem(office.delete(f"/api/v1/cases/{case.public_id}/"), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/cases/", "/tasks/", "/files/", "/token/"])
def test_nobody_is_told_options_by_guesswork(office, path):
    assert is_problem(office.options(f"/api/v1{path}"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        "\xff",
        '{"words": NaN}',
        '{"words": "\\u0000"}',
        '{"\\u0000": 1}',
        '{"words": "\\ud800"}',
        "[" * 100_000,
        "9" * 5000,
        '{"words": 1e400}',
    ],
    ids=["cut", "no UTF-8", "NaN", "NUL", "NUL in a name", "half", "deep", "long number", "infinite"],
)
def test_a_body_that_cannot_be_read_is_a_problem(office, case, raw):
    answer = office.post(
        f"/api/v1/cases/{case.public_id}/urge/", raw.encode("latin-1"), content_type="application/json"
    )
    assert is_problem(answer, 400, "parse_error")


def test_a_body_that_is_too_long_is_a_problem(office, case, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    address = f"/api/v1/cases/{case.public_id}/urge/"
    assert is_problem(office.post(address, {"words": "长" * 1000}), 413, "too_large")
    assert office.post(address, {"words": "长" * 100}).status_code == 204


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_body_of_another_kind_is_a_problem(office, case, kind):
    answer = office.post(f"/api/v1/cases/{case.public_id}/urge/", "words=x", content_type=kind)
    assert is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", [[], "x", 1, None, {"words": {}}, {"words": [1]}])
def test_a_body_of_another_shape_is_a_problem(office, case, body):
    answer = office.post(
        f"/api/v1/cases/{case.public_id}/urge/", json.dumps(body), content_type="application/json"
    )
    assert is_problem(answer, 422, "invalid")
    assert all(isinstance(sentence, str) for sentence in answer.json()["problems"].values())


def test_an_answer_nobody_can_read_is_a_problem(office, case):
    office.defaults["HTTP_ACCEPT"] = "application/xml"
    assert is_problem(office.read("/cases/"), 406, "not_acceptable")


def test_the_sentence_is_in_the_language_of_the_caller(office, case):
    chinese = office.write(f"/cases/{case.public_id}/urge/", {}).json()
    office.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    english = office.write(f"/cases/{case.public_id}/urge/", {}).json()
    assert chinese["title"] == "提交的内容需要更正"
    assert chinese["title"] != english["title"]
    assert english["problems"]["words"] == "This field is required."


def test_a_bug_is_no_problem_but_an_error(office, case, monkeypatch):
    """Anything but a refusal stays a 500: logged, never swallowed."""

    def broken(**_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("huiyin.cases.services.urge_case", broken)
    with pytest.raises(RuntimeError):
        office.write(f"/cases/{case.public_id}/urge/", {"words": "x"})


@pytest.mark.parametrize(
    ("refusal", "code"), [(congress.NotACosigner, "not_a_cosigner"), (cases.TaskMoved, "task_moved")]
)
def test_a_code_is_the_refusals_name_word_by_word(refusal, code):
    assert code_of(refusal()) == code
