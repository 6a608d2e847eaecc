"""Reading a task with its form."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from huiyin.cases.models import Task
from huiyin.lifecycle import sandbox
from tests.api.conftest import is_problem


def test_gives_the_schema_that_the_answers_must_fit(office, screen):
    task = office.read(f"/tasks/{screen.public_id}/").json()
    schema = task["form"]["schema"]
    Draft202012Validator.check_schema(schema)
    fits = Draft202012Validator(schema).is_valid
    assert fits({"screening": "accept"})
    assert not fits({"screening": "perhaps"})
    assert task["form"]["name"] == "screen"
    assert task["form"]["title"] == {"zh": "筛查", "en": "Screen"}
    assert task["form"]["ui"]["order"] == ["screening", "category", "into", "reason"]
    assert (task["revision"], task["waits_for_me"], task["options"]) == (0, True, {})


def test_gives_the_options_of_units_and_deputies(office, case, play, town):
    play(case, "screen", {"screening": "accept"})
    dispatch = Task.objects.get(case=case, step_id="dispatch")
    options = office.read(f"/tasks/{dispatch.public_id}/").json()["options"]
    assert set(options) == {"units", "deputy"}
    assert {"value": town.units["a"].public_id, "label": "a局"} in options["units"]
    assert {"value": town.actors["deputy"].person.public_id, "label": "代表"} in options["deputy"]
    assert len(options["deputy"]) == 1 + len(sandbox.DEPUTIES)


def test_tells_a_stranger_of_no_such_task(stranger, screen):
    assert is_problem(stranger.read(f"/tasks/{screen.public_id}/"), 404, "not_found")
