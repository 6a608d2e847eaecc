"""A step through the service: against its own statements, over HTTP, and by several processes."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.db import connection, transaction
from rest_framework.authtoken.models import Token

from huiyin.cases import services
from huiyin.cases.models import Task
from huiyin.directory.models import Account
from huiyin.lifecycle import sandbox
from tests.bench import world
from tests.bench.measuring import ROUNDS, Figure, at_most, in_turn, reported, timed
from tests.bench.worker import Worker

EACH = 12
ACCEPT = {"sign": "accept"}
Statement = tuple[str, Any]


def figures(database: str) -> Iterator[Figure]:
    """Sections a and e."""
    town = sandbox.find(world.MARK)
    yield from _against_statements(town)
    yield from _over_http(town, database)


def _sign(town: sandbox.Town, task: Task) -> None:
    services.complete_task(
        task=task, answers=ACCEPT, by=town.actors["a"], now=task.opened_at, key=task.key
    )  # fmt: skip


def _against_statements(town: sandbox.Town) -> Iterator[Figure]:
    counts: list[int] = []

    def service() -> float:
        task = world.to_be_signed(town)
        return timed(lambda: _sign(town, task))

    def replay() -> float:
        task = world.to_be_signed(town)
        statements = _rehearsed(town, task)
        counts.append(len(statements))
        took = timed(lambda: _run(statements))
        assert Task.objects.get(pk=task.pk).status == Task.Status.DONE, "the replay did not do the work"
        return took

    whole, floor = in_turn([service, replay], each=EACH)
    note = f"{whole:.2f} against {floor:.2f} ms"
    yield at_most(
        "a", "complete_task against a replay of exactly its own statements", whole / floor, 2.0, note=note
    )
    yield at_most("a", "statements of complete_task (签收, which meets a deadline)", max(counts), 12, unit="")


def _rehearsed(town: sandbox.Town, task: Task) -> list[Statement]:
    """
    The statements of completing a task, which is not done after this.

    The sequences are put back as well, so that the replay writes the very rows that its later statements name.
    """
    found: list[Statement] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not many
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        before = cursor.fetchall()
    with transaction.atomic(), connection.execute_wrapper(listen):
        _sign(town, task)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.executemany("SELECT setval(%s, %s)", [row for row in before if row[1] is not None])
    return found


def _run(statements: list[Statement]) -> None:
    """The floor: the statements alone, by the driver itself, in one transaction."""
    with transaction.atomic(), connection.connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description is not None:
                cursor.fetchall()


def _over_http(town: sandbox.Town, database: str) -> Iterator[Figure]:
    account = Account.objects.get(username="bench-a")
    token = Token.objects.create(user=account).key
    server = Worker(database)
    wire = http.client.HTTPConnection("127.0.0.1", server.ask("serve"))

    # Made beforehand: who has just made a task has warm caches, and the server, which waited meanwhile, has cold ones.
    warm_up = 3
    tasks = [world.to_be_signed(town) for _ in range(2 * (EACH * ROUNDS + warm_up))]

    def over_http() -> float:
        task = tasks.pop()
        return timed(lambda: _post(wire, token, task))

    def service() -> float:
        task = tasks.pop()
        return timed(lambda: _sign(town, task))

    in_turn([over_http, service], each=warm_up, rounds=1)
    sent, direct = in_turn([over_http, service], each=EACH)
    server.end()
    yield at_most(
        "e",
        "the same step over HTTP against the service",
        sent / direct,
        2.0,
        note=f"{sent:.2f} against {direct:.2f} ms",
    )


def _post(wire: http.client.HTTPConnection, token: str, task: Task) -> None:
    body = json.dumps({"answers": ACCEPT, "seen_revision": task.revision})
    headers = {
        "Authorization": f"Token {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": task.key,
    }
    wire.request("POST", f"/api/v1/tasks/{task.public_id}/complete/", body, headers)
    response = wire.getresponse()
    said = response.read()
    assert response.status == 200, said.decode()


def by_workers(database: str, lives: int = 6) -> Iterator[Figure]:
    """Section h: whole matters by 1, 2 and 4 processes, in turn."""
    workers = [Worker(database) for _ in range(4)]
    for worker in workers:
        worker.ask("lives", count=1)
    speeds: dict[int, list[float]] = {1: [], 2: [], 4: []}
    for _ in range(ROUNDS):
        for count, found in speeds.items():
            began = time.perf_counter()
            for worker in workers[:count]:
                worker.send("lives", count=lives)
            steps = sum(worker.answer() for worker in workers[:count])
            found.append(steps / (time.perf_counter() - began))
    for worker in workers:
        worker.end()
    for count, found in speeds.items():
        yield reported(
            "h", f"steps a second with {count} worker{'s' if count > 1 else ''}", median(found), "/s"
        )
