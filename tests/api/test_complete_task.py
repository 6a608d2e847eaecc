"""Completing a task."""

from __future__ import annotations

import pytest
from django.db.models import F

from huiyin.cases.models import Case, Completion, Task
from huiyin.cases.services import taking
from tests.api.conftest import NOW, colleague_of, is_problem

ACCEPT = {"answers": {"screening": "accept"}, "seen_revision": 0}


def address(task: Task) -> str:
    return f"/tasks/{task.public_id}/complete/"


def nothing_happened(task: Task, case: Case) -> bool:
    revision = case.revision
    task.refresh_from_db()
    case.refresh_from_db()
    assert case.revision == revision
    return task.status == Task.Status.OPEN and not Completion.objects.filter(case=case).exists()


def test_moves_the_case_to_its_next_task(office, screen, case):
    answer = office.write(address(screen), ACCEPT, key="one")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["status"], answer.json()["revision"]) == ("done", 1)
    assert [task["step"] for task in office.read("/tasks/").json()["results"]] == ["dispatch"]
    assert Completion.objects.get(task=screen).by == office.person


def test_answers_the_same_when_the_key_is_repeated(office, screen, case):
    first = office.write(address(screen), ACCEPT, key="one")
    case.refresh_from_db()
    revision = case.revision
    again = office.write(address(screen), ACCEPT, key="one")
    assert (again.status_code, again.json()) == (200, first.json())
    case.refresh_from_db()
    assert case.revision == revision
    assert Completion.objects.filter(case=case).count() == 1


def test_takes_the_key_in_quotes_for_the_same_key(office, screen):
    office.write(address(screen), ACCEPT, key='"one"')
    assert office.write(address(screen), ACCEPT, key="one").status_code == 200


def test_refuses_another_key_on_a_task_that_is_done(office, screen):
    office.write(address(screen), ACCEPT, key="one")
    assert is_problem(office.write(address(screen), ACCEPT, key="two"), 409, "task_closed")
    assert Completion.objects.filter(task=screen).count() == 1


def test_lets_one_key_serve_two_tasks_of_a_case(office, screen, case, town):
    """A script that sends a fixed key must not lose the second task."""
    office.write(address(screen), ACCEPT, key="one")
    dispatch = Task.objects.get(case=case, step_id="dispatch")
    answers = {"route": "units", "units": {"lead": town.units["a"].public_id}}
    done = office.write(address(dispatch), {"answers": answers, "seen_revision": 0}, key="one")
    assert done.status_code == 200, done.content
    dispatch.refresh_from_db()
    assert dispatch.status == Task.Status.DONE


@pytest.mark.parametrize("key", [None, "", "x" * 65, "键", "a\tb"])
def test_refuses_a_request_without_a_usable_key(office, screen, case, key):
    if key == "键":
        office.defaults["HTTP_IDEMPOTENCY_KEY"] = key.encode().decode("latin-1")
        key = None
    assert is_problem(office.write(address(screen), ACCEPT, key=key), 422, "key_missing")
    assert nothing_happened(screen, case)


def test_refuses_answers_to_a_task_that_moved_on(office, screen, case):
    Task.objects.filter(pk=screen.pk).update(revision=F("revision") + 1)
    assert is_problem(office.write(address(screen), ACCEPT, key="one"), 409, "task_moved")
    assert nothing_happened(screen, case)


def test_refuses_a_body_that_does_not_say_what_was_seen(office, screen, case):
    answer = office.write(address(screen), {"answers": ACCEPT["answers"]}, key="one")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["seen_revision"]
    assert nothing_happened(screen, case)


def test_says_of_each_field_what_needs_correcting(office, screen, case):
    body = {"answers": {"screening": "return", "reason": "短"}, "seen_revision": 0}
    answer = office.write(address(screen), body, key="one")
    assert is_problem(answer, 422, "answers_rejected")
    assert list(answer.json()["problems"]) == ["reason"]
    assert "至少 5 个字" in answer.json()["problems"]["reason"]
    assert nothing_happened(screen, case)


def test_takes_the_key_again_after_the_answers_were_corrected(office, screen):
    wrong = {"answers": {"screening": "return"}, "seen_revision": 0}
    assert office.write(address(screen), wrong, key="one").status_code == 422
    assert office.write(address(screen), ACCEPT, key="one").status_code == 200


@pytest.mark.parametrize("answers", [None, [], "accept", 1])
def test_refuses_answers_that_are_no_object(office, screen, case, answers):
    answer = office.write(address(screen), {"answers": answers, "seen_revision": 0}, key="one")
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["answers"]
    assert nothing_happened(screen, case)


def test_refuses_someone_who_sees_the_task_but_is_not_asked(caller, screen, case):
    station = caller("station")
    assert station.read(f"/tasks/{screen.public_id}/").json()["waits_for_me"] is False
    assert is_problem(station.write(address(screen), ACCEPT, key="one"), 403, "not_yours")
    assert nothing_happened(screen, case)


def test_tells_a_stranger_of_no_such_task(stranger, screen, case):
    assert is_problem(stranger.write(address(screen), ACCEPT, key="one"), 404, "not_found")
    assert nothing_happened(screen, case)


def test_refuses_a_task_that_a_colleague_has_claimed(office, screen, case, town):
    taking.take_task(task=screen, by=town.actors["office"], now=NOW)
    Task.objects.filter(pk=screen.pk).update(claimed_by=colleague_of(office.person))
    assert is_problem(office.write(address(screen), ACCEPT, key="one"), 409, "taken_by_another")
    assert nothing_happened(screen, case)


def test_does_not_answer_a_colleague_who_guesses_the_key(office, caller, screen):
    office.write(address(screen), ACCEPT, key="one")
    assert is_problem(caller("station").write(address(screen), ACCEPT, key="one"), 409, "task_closed")
