"""Claiming a task, and giving it back."""

from __future__ import annotations

from huiyin.cases.models import Task
from tests.api.conftest import colleague_of, is_problem


def test_shows_colleagues_who_works_on_it(office, screen):
    answer = office.write(f"/tasks/{screen.public_id}/claim/")
    assert answer.status_code == 200
    assert (answer.json()["claimed_by"], answer.json()["claimed_by_me"]) == (office.person.name, True)


def test_may_be_repeated(office, screen):
    office.write(f"/tasks/{screen.public_id}/claim/")
    assert office.write(f"/tasks/{screen.public_id}/claim/").status_code == 200


def test_refuses_what_a_colleague_has_claimed(office, screen):
    colleague = colleague_of(office.person)
    Task.objects.filter(pk=screen.pk).update(claimed_by=colleague)
    assert is_problem(office.write(f"/tasks/{screen.public_id}/claim/"), 409, "taken_by_another")
    assert [row["claimed_by"] for row in office.read("/tasks/").json()["results"]] == [colleague.name]


def test_takes_over_from_a_colleague_who_has_left(office, screen):
    colleague = colleague_of(office.person)
    Task.objects.filter(pk=screen.pk).update(claimed_by=colleague)
    colleague.posts.update(to_on="2026-08-31")
    assert office.write(f"/tasks/{screen.public_id}/claim/").status_code == 200
    screen.refresh_from_db()
    assert screen.claimed_by == office.person


def test_refuses_someone_who_is_not_asked(caller, screen):
    assert is_problem(caller("station").write(f"/tasks/{screen.public_id}/claim/"), 403, "not_yours")
    screen.refresh_from_db()
    assert screen.claimed_by is None


def test_tells_a_stranger_of_no_such_task(stranger, screen):
    assert is_problem(stranger.write(f"/tasks/{screen.public_id}/claim/"), 404, "not_found")


def test_is_undone_by_giving_back(office, screen):
    office.write(f"/tasks/{screen.public_id}/claim/")
    answer = office.write(f"/tasks/{screen.public_id}/return/")
    assert (answer.status_code, answer.json()["claimed_by"]) == (200, "")
    screen.refresh_from_db()
    assert screen.claimed_by is None


def test_refuses_giving_back_what_was_not_claimed(office, screen):
    assert is_problem(office.write(f"/tasks/{screen.public_id}/return/"), 409, "not_taken")
