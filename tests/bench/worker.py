"""A process with a database of its own: takes one command a line, answers with one line of JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any


class Worker:
    """The parent's end: start a worker on a database, ask it, end it."""

    def __init__(self, database: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.bench.worker", database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, do: str, **said: Any) -> None:
        """Give a command without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Wait for what it says."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a worker of the bench ended with {self._process.wait()}")
        return json.loads(line)

    def ask(self, do: str, **said: Any) -> Any:
        """Give a command and wait for its answer."""
        self.send(do, **said)
        return self.answer()

    def end(self) -> None:
        """Let it finish."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def main(database: str) -> None:
    """Serve commands until the parent closes our input."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.ALLOWED_HOSTS = ["*"]
    django.setup()
    commands = _commands()
    for line in sys.stdin:
        said = json.loads(line)
        print(json.dumps(commands[said.pop("do")](**said)), flush=True)


def _commands() -> Mapping[str, Any]:
    return {
        "grow": _grow,
        "fill": _fill,
        "list": _list,
        "statement": _statement,
        "page": _page,
        "board": _board,
        "lives": _lives,
        "serve": _serve,
    }


def _grow(cases: int) -> int:
    from tests.bench import world

    world.grow(cases)
    return cases


def _fill(cases: int) -> int:
    from tests.bench import world

    world.fill(cases)
    return cases


def _actor(login: str) -> Any:
    from huiyin.core import time_source
    from huiyin.directory.actors import actor_of
    from huiyin.directory.models import Account

    return actor_of(Account.objects.select_related("person").get(username=login).person, time_source.today())


def _first_page(login: str) -> Any:
    """The rows of the first page of a handler's work list, as the page asks for them."""
    from huiyin.cases.models import Task
    from huiyin.web.pages.tasks import PAGE

    found = Task.objects.waiting_for(_actor(login)).that_is_work().due_first()
    return found.with_what_rows_show()[:PAGE]


def _list(login: str, turns: int) -> list[float]:
    """The rows as objects: the statement made, run and read."""
    from tests.bench.measuring import timed

    wanted = _first_page(login)
    assert list(wanted), "the list is empty"
    return [timed(lambda: list(wanted.all())) for _ in range(turns)]


def _statement(login: str, turns: int) -> list[float]:
    """The statement alone, which the server knows after its first time."""
    from django.db import connection

    from tests.bench.measuring import timed

    sql, params = _first_page(login).query.sql_with_params()

    def rows() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    assert rows(), "the list is empty"
    return [timed(rows) for _ in range(turns)]


def _page(login: str, path: str, turns: int) -> list[float]:
    """A whole page: session, rights, queries, HTML; `{task}` and `{case}` in its path are the first of the work list."""
    from django.test import Client

    from huiyin.directory.models import Account
    from tests.bench.measuring import timed

    client = Client()
    if login:
        client.force_login(Account.objects.get(username=login), "huiyin.config.demo_accounts.GuardedBackend")
    if "{" in path:
        first = _first_page(login)[0]
        path = path.format(task=first.public_id, case=first.case.public_id)
    assert client.get(path).status_code == 200
    return [timed(lambda: client.get(path)) for _ in range(turns)]


def _board(login: str, turns: int) -> list[float]:
    """What the county's list of overdue work reads: how many by unit, and its first page."""
    from huiyin.supervision import selectors
    from tests.bench import world
    from tests.bench.measuring import timed

    # A day of its own, when half of what is open is late: else the figure would grow with the calendar.
    actor, today = _actor(login), world.HALF_LATE

    def board() -> None:
        found = selectors.board(actor, today)
        assert selectors.rows_of(found.steps[:30], actor, today)
        assert len(found.by_unit) > 300

    board()
    return [timed(board) for _ in range(turns)]


def _lives(count: int) -> int:
    """Bring so many matters from report to end; gives the number of steps."""
    from huiyin.lifecycle import sandbox
    from tests.bench import world

    town = sandbox.find(world.MARK)
    return sum(world.life(world.new_play(town)) for _ in range(count))


def _serve() -> int:
    """Serve pages and API on a free port of this machine, as the platform does."""
    from waitress.server import create_server

    from huiyin.config.wsgi import application

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    return int(server.effective_port)


if __name__ == "__main__":
    main(sys.argv[1])
