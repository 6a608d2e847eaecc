"""Acts beside a task on its page: a contact is recorded, wrong words stay, and no two fields share an id."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.urls import reverse

from huiyin.cases.models import Contact
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import play_until, task_of

SENT = {"contact.way": "visit", "contact.on": "2026-02-09", "contact.text": "登门面商，说明办理安排"}


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-10 10:00")):
        yield


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def at_work(client_of, town):
    case = play_until(town, "work")
    return client_of("a"), task_of(case, "work")


def test_a_handler_records_a_contact(at_work):
    client, task = at_work
    page, url = reverse("task", args=[task.public_id]), reverse("task_contact", args=[task.public_id])
    assert url in text(client.get(page))
    assert client.post(url, SENT)["Location"] == page
    assert Contact.objects.filter(task=task, text=SENT["contact.text"]).count() == 1
    assert "沟通已登记" in text(client.get(page))


def test_a_wrong_contact_keeps_its_words(at_work):
    client, task = at_work
    answer = client.post(reverse("task_contact", args=[task.public_id]), {**SENT, "contact.on": ""})
    assert answer.status_code == 422
    assert SENT["contact.text"] in text(answer)
    page = reverse("task", args=[task.public_id])
    assert f'id="task-form" method="post" action="{page}"' in text(answer), (
        "what is sent next goes to the task"
    )
    assert client.get(reverse("task_contact", args=[task.public_id]))["Location"] == page, (
        "and a reload to its page"
    )
    assert not Contact.objects.filter(task=task).exists()


def test_who_does_not_handle_it_is_offered_nothing(at_work, client_of):
    _client, task = at_work
    url = reverse("task_contact", args=[task.public_id])
    assert url not in text(client_of("congress").get(reverse("task", args=[task.public_id])))
    assert client_of("congress").post(url, SENT).status_code == 403


def test_no_two_elements_share_an_id(at_work):
    client, task = at_work
    ids = Counter(re.findall(r' id="([^"]+)"', text(client.get(reverse("task", args=[task.public_id])))))
    assert [name for name, count in ids.items() if count > 1] == []
