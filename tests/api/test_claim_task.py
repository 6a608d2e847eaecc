"""Claiming a task, and giving it back."""

from __future__ import annotations

from huiyin.cases.models import Task
from tests.api.conftest import colleague_of, is_problem
from tests.web.playing import play_until, publish


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


def test_a_unit_gives_its_task_to_one_of_its_people(caller, town, definition):
    case = play_until(town, "sign", definition=publish(town))
    task = Task.objects.open().get(case=case, step_id="sign", unit=town.units["a"])
    head, to = caller("a-head"), town.actors["a"].person
    at, body = f"/tasks/{task.public_id}/give/", {"person": to.public_id}
    answer = head.write(at, body)
    assert (answer.status_code, answer.json()["claimed_by"]) == (200, to.name)
    assert answer.json()["inside_due_on"] is None
    assert is_problem(head.write(at, {**body, "due_on": "2099-01-01"}), 422, "inside_due_wrong")
    stranger = town.actors["b"].person.public_id
    assert is_problem(head.write(at, {"person": stranger}), 422, "not_in_unit")
    assert head.write(at, {"person": "nobody"}).status_code == 404
    assert caller("b").write(at, body).status_code in (403, 404)
