"""Contacts beside the work."""

from __future__ import annotations

import pytest

from huiyin.cases.models import Contact
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.api.conftest import is_problem
from tests.web.playing import play_until, task_of

NOW = moment("2026-02-10 10:00")
SPOKEN = {"contact": {"way": "phone", "on": "2026-02-09", "text": "电话说明办理安排"}}


@pytest.fixture
def at_work(town):
    task = task_of(play_until(town, "work"), "work")
    with time_source.standing_at(NOW):
        yield task


def test_a_contact_is_recorded_once(caller, at_work):
    address = f"/tasks/{at_work.public_id}/contacts/"
    assert [caller("a").write(address, {"answers": SPOKEN}).status_code for _n in range(2)] == [204, 204]
    assert Contact.objects.filter(task=at_work).count() == 1


def test_what_is_missing_is_said(caller, at_work):
    answer = caller("a").write(f"/tasks/{at_work.public_id}/contacts/", {"answers": {}})
    assert is_problem(answer, 422, "answers_rejected")


def test_nobody_else_records_one(caller, at_work):
    answer = caller("congress").write(f"/tasks/{at_work.public_id}/contacts/", {"answers": SPOKEN})
    assert answer.status_code == 403
    assert not Contact.objects.filter(task=at_work).exists()
