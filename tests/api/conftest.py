"""A case of the town, and callers of the API with tokens; it is Wednesday, 2 September 2026, ten o'clock."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from huiyin.cases import services
from huiyin.cases.models import Task
from huiyin.core import time_source
from huiyin.directory.models import Account, Person
from tests.conftest import at

NOW = at("2026-09-02T10:00")
PASSWORD = "回音-很长的口令"
REPORT = {
    "category": "road",
    "words": "村口老桥的路灯坏了一个多月，晚上看不清路，请尽快修好。",
    "name": "周全",
    "phone": "13800000000",
}


class Caller(APIClient):
    """A client that comes with a person's token."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person
        self.account, _ = Account.objects.get_or_create(person=person, username=person.public_id)
        token, _ = Token.objects.get_or_create(user=self.account)
        self.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")

    def read(self, path: str, **query: object):
        """What stands at an address."""
        return self.get(f"/api/v1{path}", query)

    def write(self, path: str, body: object = None, key: str | None = None, **more: object):
        """Post, with a key where one is given."""
        headers = {"Idempotency-Key": key} if key is not None else {}
        return self.post(f"/api/v1{path}", body, headers=headers, **more)


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_source.standing_at(NOW):
        yield


@pytest.fixture
def caller(town):
    """The caller of a name: office, station, deputy, a, b, c."""
    made: dict[str, Caller] = {}

    def find(name: str) -> Caller:
        if name not in made:
            made[name] = Caller(town.actors[name].person)
        return made[name]

    return find


@pytest.fixture
def office(caller):
    """The congress office, for which new cases wait."""
    return caller("office")


@pytest.fixture
def stranger(caller):
    """A handler whose unit has no part in any case."""
    return caller("c")


@pytest.fixture
def anyone(db):
    """Somebody without a token."""
    return APIClient()


@pytest.fixture
def start(definition, town):
    """Start a case."""

    def started(words: str = REPORT["words"], on: str = "2026-09-01T09:00", **more):
        with time_source.standing_at(at(on)):
            return services.start_case(
                definition=definition,
                answers={**REPORT, "words": words},
                place=town.place,
                now=at(on),
                **more,
            )

    return started


@pytest.fixture
def case(start):
    return start()


@pytest.fixture
def play(town):
    """Do a step of a case through the services."""

    def do(case, step: str, answers: dict, unit: str | None = None) -> Task:
        waiting = Task.objects.open().filter(case=case, step_id=step).select_related("case__reporter")
        task = waiting.get(unit=town.units[unit]) if unit else waiting.get()
        found = town.resolve(answers)
        return services.complete_task(
            task=task, answers=found, by=town.actor_for(task), now=NOW, key=f"{step} {unit}"
        )

    return do


@pytest.fixture
def handled(case, play):
    """The case with unit a at work and the deputy following it."""
    play(case, "screen", {"screening": "accept"})
    play(case, "dispatch", {"route": "units", "units": {"lead": "@unit.a"}, "deputy": "@deputy"})
    play(case, "sign", {"sign": "accept"}, unit="a")
    return case


@pytest.fixture
def screen(case):
    """The case's first task."""
    return Task.objects.get(case=case, step_id="screen")


@pytest.fixture
def work(handled):
    """The task of unit a at work."""
    return Task.objects.get(case=handled, step_id="work")


def picture(color: str = "red") -> BytesIO:
    """A photo as a telephone sends it."""
    out = BytesIO()
    Image.new("RGB", (64, 48), color).save(out, "JPEG")
    out.name = "photo.jpg"
    out.seek(0)
    return out


def is_problem(response, status: int, code: str) -> bool:
    """Whether a response is the problem document of a code."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:huiyin:{code}")
    assert body["title"]
    assert body["detail"]
    return True


def colleague_of(post_holder):
    """Somebody else with the same post; a claim is worth as much as the post it was made in."""
    from huiyin.directory.models import Person, Post

    post = Post.objects.get(person=post_holder)
    other = Person.objects.create(jurisdiction=post_holder.jurisdiction, name="林晚")
    Post.objects.create(person=other, role=post.role, unit=post.unit, place=post.place, from_on=post.from_on)
    return other
