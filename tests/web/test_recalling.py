"""收回 on the case's page: offered to the sender alone, and the words are still in the form."""

from __future__ import annotations

import pytest
from django.urls import reverse

from huiyin.cases.errors import NotYours
from huiyin.cases.models import Task
from huiyin.core import time_source
from huiyin.lifecycle.scenarios import moment
from tests.web.playing import play_until, task_of

REMARKS = "缺少时间表，请补充后再报。"


@pytest.fixture(autouse=True)
def _day():
    with time_source.standing_at(moment("2026-02-11 10:00")):
        yield


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def returned(client_of, town):
    """A draft that the head's office has just sent back."""
    case = play_until(town, "check")
    task = task_of(case, "check")
    sender = next(name for name, actor in town.actors.items() if actor == town.actor_for(task))
    client = client_of(sender)
    sent = {
        "review.decision": "return",
        "review.remarks": REMARKS,
        "key": "one",
        "seen_revision": task.revision,
    }
    assert client.post(reverse("task", args=[task.public_id]), sent).status_code == 302
    return case, task, client


def test_the_sender_takes_it_back_and_finds_the_words(returned, client_of):
    case, task, client = returned
    page, act = reverse("case", args=[case.public_id]), reverse("case_act", args=[case.public_id, "recall"])
    assert act in text(client.get(page))
    assert act not in text(client_of("congress").get(page))
    answer = client.post(act, {"task": task.public_id})
    assert answer["Location"] == reverse("task", args=[task.public_id])
    shown = text(client.get(answer["Location"]))
    assert "已收回" in shown
    assert REMARKS in shown
    assert act not in text(client.get(page))


def test_too_late_is_a_sentence(returned, town):
    case, task, client = returned
    Task.objects.filter(pk=task.pk).update(revision=7)
    act = reverse("case_act", args=[case.public_id, "recall"])
    assert client.post(act, {"task": task.public_id}).status_code == 302
    again = client.post(act, {"task": task.public_id})
    assert again.status_code == 403
    assert str(NotYours().sentence) in text(again)
