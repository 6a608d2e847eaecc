"""Acts beside the tasks over the API: withdrawing, confirming a contact, visiting, re-assigning, deadlines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyin.cases.models import Assignment, Case, Clock, Contact, Visit
from huiyin.history import selectors as history
from tests.api.conftest import NOW, is_problem
from tests.web.playing import publish

SEEN = {"answers": {"visit": {"text": "桥面已铺沥青，护栏未装。", "agrees": "no"}}}


def at(case: Case, act: str) -> str:
    return f"/cases/{case.public_id}/{act}/"


def kinds(case: Case) -> list[str]:
    return [entry.kind for entry in history.entries_of("case", case.pk)]


@pytest.fixture
def own(case, town):
    """A matter that the deputy has asked himself."""
    Case.objects.filter(pk=case.pk).update(reporter=town.actors["deputy"].person)
    return case


def test_the_asker_withdraws_once_and_says_why(caller, own):
    deputy, path = caller("deputy"), at(own, "withdraw")
    answer = deputy.write(path, {"reason": " "})
    assert is_problem(answer, 422, "invalid")
    assert list(answer.json()["problems"]) == ["reason"]
    assert is_problem(caller("office").write(path, {"reason": "解决了"}), 403, "only_the_asker")
    assert is_problem(caller("c").write(path, {"reason": "解决了"}), 404, "not_found")
    assert deputy.write(path, {"reason": "问题已经解决"}).status_code == 204
    own.refresh_from_db()
    assert own.outcome == "withdrawn"
    assert is_problem(deputy.write(path, {"reason": "问题已经解决"}), 409, "cannot_withdraw")


@pytest.fixture
def contact(handled, town):
    return Contact.objects.create(
        case=handled, round=1, by=town.actors["a"].person, unit=town.units["a"], at=NOW,
        way="phone", on=date(2026, 9, 1), text="电话说明了办理安排。",
    )  # fmt: skip


def test_who_asked_confirms_a_contact_and_nobody_who_follows(caller, contact, town):
    path = f"/contacts/{contact.public_id}/confirm/"
    assert is_problem(caller("a").write(path, {"happened": True}), 403, "only_the_asker")
    assert is_problem(caller("c").write(path, {"happened": True}), 404, "not_found")
    assert is_problem(caller("deputy").write(path, {"happened": True}), 403, "only_the_asker")
    Case.objects.filter(pk=contact.case_id).update(reporter=town.actors["deputy"].person)
    assert list(caller("deputy").write(path, {}).json()["problems"]) == ["happened"]
    for _again in range(2):
        assert caller("deputy").write(path, {"happened": False}).json()["confirmed"] is False
    assert kinds(contact.case).count("contact_denied") == 1
    assert caller("deputy").write(path, {"happened": True}).json()["confirmed"] is True


@pytest.fixture
def project(case, town):
    """A matter whose process takes visits."""
    Case.objects.filter(pk=case.pk).update(
        definition=publish(town, "livelihood"), deputy=town.actors["deputy"].person
    )
    return case


def test_a_visit_is_written_down_once(caller, project):
    deputy, path = caller("deputy"), at(project, "visits")
    assert is_problem(caller("office").write(path, SEEN), 403, "not_your_act")
    assert is_problem(caller("deputy2").write(path, SEEN), 404, "not_found")
    assert list(deputy.write(path, {}).json()["problems"]) == ["answers"]
    answer = deputy.write(path, {"answers": {"visit": {"text": ""}}})
    assert is_problem(answer, 422, "answers_rejected")
    for _again in range(2):
        assert deputy.write(path, SEEN).status_code == 204
    assert Visit.objects.filter(case=project).count() == 1


def test_most_processes_take_no_visits(caller, handled):
    assert is_problem(caller("deputy").write(at(handled, "visits"), SEEN), 409, "no_visit_here")


@pytest.fixture
def part(handled):
    return Assignment.objects.get(case=handled)


def test_a_part_is_given_to_another_unit_once(caller, part, town):
    path = f"/assignments/{part.public_id}/reassign/"
    sent = {"unit": town.units["b"].public_id, "reason": "职责已经划转"}
    assert is_problem(caller("a").write(path, sent), 403, "not_your_act")
    assert is_problem(caller("c").write(path, sent), 404, "not_found")
    office = caller("congress")
    assert list(office.write(path, {"unit": sent["unit"]}).json()["problems"]) == ["reason"]
    assert is_problem(office.write(path, {**sent, "unit": "nowhere"}), 422, "unit_unknown")
    done = office.write(path, sent)
    assert (done.status_code, done.json()["unit_name"]) == (200, "b局"), done.content
    assert is_problem(office.write(path, sent), 409, "unit_assigned_already")


@pytest.fixture
def clock(handled):
    return Clock.objects.filter(case=handled, met_at=None, stopped_at=None).order_by("due_on").last()


def clocks_in(client, case: Case) -> list[dict[str, object]]:
    return client.read(f"/cases/{case.public_id}/").json()["clocks"]


def test_a_deadline_is_extended_by_the_office(caller, handled, clock):
    office, path = caller("congress"), f"/clocks/{clock.public_id}/extend/"
    due = str(clock.due_on)
    assert due in [row["due_on"] for row in clocks_in(office, handled) if row["id"] == clock.public_id]
    sent = {"to": str(clock.due_on + timedelta(days=5)), "reason": "需要等待上级批复"}
    assert is_problem(caller("a").write(path, sent), 403, "not_your_act")
    assert is_problem(caller("c").write(path, sent), 404, "not_found")
    assert set(office.write(path, {}).json()["problems"]) == {"to", "reason"}
    assert is_problem(office.write(path, {**sent, "to": "soon"}), 422, "invalid")
    assert is_problem(office.write(path, {**sent, "to": due}), 422, "extension_backwards")
    done = office.write(path, sent)
    assert (done.status_code, done.json()["due_on"]) == (200, sent["to"]), done.content
    assert any("需要等待上级批复" in line for line in done.json()["why"])
    assert is_problem(office.write(path, sent), 422, "extension_backwards")


def test_a_deadline_stands_still_and_goes_on(caller, handled, clock):
    office, path = caller("congress"), f"/clocks/{clock.public_id}/"
    sent = {"reason": "等待鉴定结果"}
    assert is_problem(caller("a").write(f"{path}pause/", sent), 403, "not_your_act")
    assert is_problem(office.write(f"{path}pause/", {}), 422, "invalid")
    assert is_problem(office.write(f"{path}resume/"), 409, "clock_not_running")
    assert office.write(f"{path}pause/", sent).json()["badge"]["text"] == "已暂停"
    assert is_problem(office.write(f"{path}pause/", sent), 409, "clock_not_running")
    assert is_problem(caller("a").write(f"{path}resume/"), 403, "not_your_act")
    assert office.write(f"{path}resume/").json()["badge"]["text"] != "已暂停"
    assert is_problem(office.write(f"{path}resume/"), 409, "clock_not_running")
    assert is_problem(caller("c").write(f"{path}resume/"), 404, "not_found")
