"""Many clients at once over HTTP: every task is completed by one of them, every matter is received once, nothing answers 500."""

from __future__ import annotations

import gc
import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.db import connection
from rest_framework.authtoken.models import Token
from waitress.server import create_server

from huiyin.cases import services
from huiyin.cases.models import Case, Completion, Task
from huiyin.config.serve import THREADS
from huiyin.config.wsgi import application
from huiyin.directory.models import Account
from tests.cases.conftest import RECEIVED, REPORT, Play

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Served:
    """The platform behind its own web server, on a free port."""

    port: int

    def wire(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@pytest.fixture
def served(settings) -> Iterator[Served]:
    settings.ALLOWED_HOSTS = ["*"]
    server = create_server(application, host="127.0.0.1", port=0, threads=THREADS)

    def serve() -> None:
        with suppress(OSError):  # its loop ends so when another thread closes it
            server.run()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Served(int(server.effective_port))
    server.close()
    thread.join(10)
    server.task_dispatcher.shutdown(timeout=10)
    gc.collect()  # the threads' connections end with them, and the test's database can be dropped


def token_of(town, name: str) -> str:
    account = Account.objects.create(username=name, person=town.actors[name].person)
    return str(Token.objects.create(user=account).key)


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run `work(n)` in so many threads; whatever one of them raises is raised here."""
    raised: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def tasks_to_sign(definition, town, count: int) -> list[Task]:
    tasks = []
    for _ in range(count):
        case = services.start_case(definition=definition, answers=REPORT, place=town.place, now=RECEIVED)
        play = Play(case, town, RECEIVED)
        play.dispatch()
        tasks.append(play.task("sign"))
    return tasks


def all_complete(served: Served, token: str, tasks: list[Task], clients: int) -> Counter[int]:
    """Every client completes every task, in the same order; the statuses that were answered."""
    found: Counter[int] = Counter()
    ready = threading.Barrier(clients)

    def work(client: int) -> None:
        wire = served.wire()
        ready.wait()
        for task in tasks:
            headers = {
                "Authorization": f"Token {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{client}-{task.public_id}",
            }
            body = json.dumps({"answers": {"sign": "accept"}, "seen_revision": task.revision})
            wire.request("POST", f"/api/v1/tasks/{task.public_id}/complete/", body, headers)
            answer = wire.getresponse()
            answer.read()
            found[answer.status] += 1

    at_once(clients, work)
    return found


def check_completing(served: Served, definition, town, count: int) -> None:
    tasks = tasks_to_sign(definition, town, count)
    found = all_complete(served, token_of(town, "a"), tasks, 8)
    assert found == {200: count, 409: 7 * count}
    done = Completion.objects.filter(task__in=[task.pk for task in tasks])
    assert done.count() == count
    assert Task.objects.open().filter(step_id="work").count() == count


def test_eight_clients_complete_each_task_once(served, definition, town):
    check_completing(served, definition, town, 25)


@pytest.mark.long
def test_eight_clients_complete_a_thousand_tasks_once(served, definition, town):
    check_completing(served, definition, town, 1_000)


def check_receiving(served: Served, definition, town, keys: int) -> None:
    token = token_of(town, "station")
    found: Counter[int] = Counter()
    numbers: dict[int, set[str]] = {key: set() for key in range(keys)}
    ready = threading.Barrier(6)

    def work(sender: int) -> None:
        wire = served.wire()
        ready.wait()
        for key in range(keys):
            body = {
                "kind": "matter",
                "place": town.place.public_id,
                "answers": {**REPORT, "words": f"{REPORT['words']}（{key}）"},
            }
            headers = {
                "Authorization": f"Token {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"key-{key}",
            }
            wire.request("POST", "/api/v1/cases/", json.dumps(body), headers)
            answer = wire.getresponse()
            said = json.loads(answer.read())
            found[answer.status] += 1
            numbers[key].add(said.get("number", f"{answer.status} {said}"))

    at_once(6, work)
    assert set(found) <= {200, 201}
    assert all(len(seen) == 1 for seen in numbers.values()), numbers
    assert Case.objects.count() == keys


def test_six_senders_of_the_same_keys_make_a_case_each(served, definition, town):
    check_receiving(served, definition, town, 15)


@pytest.mark.long
def test_six_senders_of_a_thousand_keys_make_a_thousand_cases(served, definition, town):
    check_receiving(served, definition, town, 1_000)


def test_connections_are_bounded_by_the_number_of_threads(served, town):
    """Sixty clients, and no more backends than the web server has threads: connections stay, so all of them are seen after."""
    before, token = backends(), token_of(town, "a")

    def work(client: int) -> None:
        wire = served.wire()
        for _ in range(3):
            wire.request("GET", "/api/v1/tasks/", headers={"Authorization": f"Token {token}"})
            answer = wire.getresponse()
            answer.read()
            assert answer.status == 200

    at_once(60, work)
    assert 0 < backends() - before <= THREADS


def backends() -> int:
    """How many connections this database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_forty_slow_clients_do_not_keep_the_others_waiting(served, definition):
    """Each begins a request and never ends it; sixteen honest ones are answered all the same."""
    slow = []
    for _ in range(40):
        wire = served.wire()
        wire.connect()
        wire.sock.sendall(b"POST /report/ HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\nwords=")
        slow.append(wire)
    statuses: list[int] = []

    def work(client: int) -> None:
        wire = served.wire()
        wire.request("GET", "/")
        statuses.append(wire.getresponse().status)

    at_once(16, work)
    for wire in slow:
        wire.sock.sendall(b"x")  # still there: they were not simply sent away
        wire.close()
    assert statuses == [200] * 16
