"""A town with a signed-in client for everyone, and a matter that was reported by phone."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.cases import services
from huiyin.cases.models import Case, Task
from huiyin.directory.models import Account

REPORT = {
    "category": "road",
    "words": "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。",
    "name": "周全",
    "phone": "13800000000",
}


@pytest.fixture
def matter(definition, town):
    return services.start_case(definition=definition, answers=REPORT, place=town.place, now=timezone.now())


@pytest.fixture
def client_of(town):
    def sign_in(name: str) -> Client:
        account, _made = Account.objects.get_or_create(username=name, person=town.actors[name].person)
        client = Client()
        client.force_login(account, backend="huiyin.config.demo_accounts.GuardedBackend")
        return client

    return sign_in


SIGNED = {
    "screen": {"screening": "accept"},
    "dispatch": {"route": "units", "units": {"lead": "@unit.a"}},
    "sign": {"sign": "accept"},
}


def complete(case: Case, town, step: str, answers: dict) -> None:
    """Let the right person do the open task of a step."""
    task = Task.objects.open().select_related("case__reporter").get(case=case, step_id=step)
    services.complete_task(
        task=task, answers=town.resolve(answers), by=town.actor_for(task), now=timezone.now(), key=task.key
    )


def handled(case: Case, town) -> Task:
    """The task of unit a, which has signed for a case."""
    for step, answers in SIGNED.items():
        complete(case, town, step, answers)
    return Task.objects.open().get(case=case, step_id="work")


@pytest.fixture
def do(matter, town):
    return partial(complete, matter, town)


@pytest.fixture
def answered(matter, do):
    do("screen", {"screening": "accept"})
    do("dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    do("sign", {"sign": "accept"})
    do(
        "work",
        {
            "contact": {"way": "phone", "on": "2026-09-02", "text": "电话说明安排"},
            "progress": {"text": "更换灯具两盏"},
        },
    )
    do("reply", {"reply": {"result": "done", "text": "已更换灯具两盏，恢复照明。"}})
    return matter
