"""The key list (重点督办) over the API."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Case
from huiyin.congress.models import KeyCase
from tests.api.conftest import is_problem

DAY = "2026-09-01"


@pytest.fixture
def listed(caller, handled):
    body = {"case": handled.public_id, "decision": "第12次主任会议", "leader": "陈主任", "on": DAY}
    answer = caller("congress").write("/key-cases/", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_goes_from_the_decision_to_the_report(caller, listed):
    assert (listed["leader"], listed["plan_on"]) == ("陈主任", None)
    watch, path = caller("watch"), f"/key-cases/{listed['id']}"
    early = watch.write(f"{path}/report/", {"report": "好了", "on": DAY})
    assert is_problem(early, 409, "plan_first")
    assert watch.write(f"{path}/plan/", {"plan": "两步", "on": DAY}).json()["plan"] == "两步"
    assert watch.write(f"{path}/report/", {"report": "好了", "on": DAY}).json()["reported_on"] == DAY
    assert [row["id"] for row in watch.read("/key-cases/", state="reported").json()["results"]] == [
        listed["id"]
    ]
    assert watch.read("/key-cases/", state="open").json()["results"] == []


def test_takes_off_with_a_reason(caller, listed):
    office, path = caller("congress"), f"/key-cases/{listed['id']}/delist/"
    assert is_problem(office.write(path, {"reason": " ", "on": DAY}), 422, "invalid")
    assert office.write(path, {"reason": "并入他件", "on": DAY}).json()["delisted_reason"] == "并入他件"
    assert len(office.read("/key-cases/", state="off").json()["results"]) == 1


def test_refuses_a_second_listing_and_who_may_not(caller, handled, listed):
    body = {"case": handled.public_id, "decision": "另一次会议", "leader": "李主任", "on": DAY}
    assert is_problem(caller("congress").write("/key-cases/", body), 409, "listed_already")
    assert is_problem(caller("a").write("/key-cases/", body), 403, "not_your_act")
    assert is_problem(caller("c").write("/key-cases/", body), 404, "not_found")
    assert KeyCase.objects.count() == 1


def test_is_seen_with_its_case(caller, handled, listed):
    assert caller("a").read(f"/key-cases/{listed['id']}/").status_code == 200
    assert caller("c").read(f"/key-cases/{listed['id']}/").status_code == 404
    Case.objects.filter(pk=handled.pk).update(restricted=True)
    assert caller("a").read(f"/key-cases/{listed['id']}/").status_code == 404
