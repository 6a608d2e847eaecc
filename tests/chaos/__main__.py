"""`python3 -m tests.chaos --runs N --seed S`: the last line is JSON; exit status 1 if anything was lost, doubled or stuck."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from huiyin.config import cluster, embedded, interrupts, locks, paths, refusal
from huiyin.config.datadir import Kind
from huiyin.config.postgres import Postgres
from tests.chaos.faults import Celery, Redis, Storm

DATABASE = "huiyin_chaos"
#: Harnesses that may run beside each other, each with a server of its own.
SLOTS = 8
#: Lives that are lived at the same time.
BATCH = 25
#: The backlog of rows is gone so many seconds after everything is back.
BACKLOG = 60.0
CONTROLS = ("", "history-first")


def main() -> int:
    """Play, judge, print."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--control", choices=CONTROLS, default="", help="a fault of our own, which must be found"
    )
    chosen = parser.parse_args()
    interrupts.exit_on_kill()
    return refusal.refusing(lambda: run(chosen.runs, chosen.seed, chosen.control))


def run(runs: int, seed: int, control: str) -> int:
    """
    Play so many lives from a seed on.

    :raises CannotStart: if the scratch server cannot run
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, scratch() as server:
        redis = Redis(Path(folder)) if Redis.is_installed() else None
        if redis:
            os.environ["HUIYIN_REDIS_URL"] = redis.url
        _fresh_database()
        celery = Celery(Path(folder), database_url()) if redis else None
        if redis and celery:
            redis.start()
            celery.start()
        found = _Report()
        for first in range(seed, seed + runs, BATCH):
            seeds = range(first, min(first + BATCH, seed + runs))
            one = batch(server, redis, celery, seeds, control, Path(folder) if first == seed else None)
            found.add(one)
            for name in ("lost", "doubled", "stuck", "different"):
                print(*(f"  {name}: {what}" for what in one[name]), sep="\n", end="\n" if one[name] else "")
            print(f"{found.runs}/{runs}  {found.line()}  {time.monotonic() - began:.0f} s", flush=True)
        if redis and celery:
            celery.end()
            redis.kill()
        found.faults_of_history = verify()
    print(json.dumps(found.as_dict(), ensure_ascii=False))
    return 1 if found.is_bad() else 0


class _Report:
    """The sums of all batches."""

    def __init__(self) -> None:
        self.runs = 0
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.stuck: list[str] = []
        self.different: list[str] = []
        self.counts: dict[str, int] = {}
        self.slowest_backlog = 0.0
        self.faults_of_history: list[str] = []

    def add(self, one: dict[str, Any]) -> None:
        self.runs += one["runs"]
        for name in ("lost", "doubled", "stuck", "different"):
            getattr(self, name).extend(one[name])
        for name, count in one["counts"].items():
            self.counts[name] = self.counts.get(name, 0) + count
        self.slowest_backlog = max(self.slowest_backlog, one["backlog"])

    def line(self) -> str:
        return (
            f"lost {len(self.lost)} doubled {len(self.doubled)} stuck {len(self.stuck)} "
            f"other than the oracle {len(self.different)}"
        )

    def is_bad(self) -> bool:
        return bool(self.lost or self.doubled or self.stuck or self.different or self.faults_of_history)

    def as_dict(self) -> dict[str, Any]:
        return {
            name: value[:20] if isinstance(value, list) else value for name, value in vars(self).items()
        } | {"total": {name: len(getattr(self, name)) for name in ("lost", "doubled", "stuck", "different")}}


def batch(
    server: Postgres,
    redis: Redis | None,
    celery: Celery | None,
    seeds: range,
    control: str,
    rescue: Path | None,
) -> dict[str, Any]:
    """
    Some lives: the oracle's play, the play under fire, and what differs.

    :param rescue: where a backup is made under fire; it is brought back into a scratch database afterwards
    """
    from tests.chaos import plan
    from tests.chaos.harness import Stage, Worker, nursery

    lives = [plan.life(seed) for seed in seeds]
    context = nursery()
    keeper = Worker(context)
    towns = [f"o{seeds.start}", f"f{seeds.start}"]
    for town in towns:
        keeper.chore("build", town=town)
    calm = Stage(context, towns[0])
    expected = calm.play(lives)
    storm = Storm(seeds.start, server, redis, celery)
    fiery = Stage(context, towns[1], fire=seeds.start, control=control)
    saved = Saved(context, rescue) if rescue else None
    storm.start()
    if saved is not None:
        saved.start()
    found = fiery.play(lives)
    storm.stop()
    backlog = _until_done(keeper, towns[1]) if celery else 0.0
    result = {"runs": len(lives), "lost": [], "doubled": [], "stuck": [], "different": [], "backlog": backlog}
    result["counts"] = fiery.counts | storm.counts
    if backlog > BACKLOG:
        result["stuck"].append(f"the backlog of rows was not done within {BACKLOG:.0f} s")
    for wanted, play in zip(expected, found, strict=True):
        _judge(keeper, wanted, play, result)
    if saved is not None:
        _bring_back(keeper, saved, result)
    keeper.end()
    return result


class Saved(threading.Thread):
    """A backup made while lives are lived and things are killed: tried again until it is there."""

    def __init__(self, context: Any, rescue: Path) -> None:
        super().__init__(daemon=True)
        self._context, self._rescue = context, rescue
        self.made = ""

    def run(self) -> None:
        """Make it."""
        from tests.chaos.harness import Worker

        keeper = Worker(self._context)
        self.made = keeper.chore("back_up", folder=str(self._rescue / "backups"))["made"]
        keeper.end()


def _bring_back(keeper: Any, saved: Saved, result: dict[str, Any]) -> None:
    """Restore the backup that was made under fire, and count what is not as it was."""
    saved.join()
    back = keeper.chore("restore", made=saved.made)
    result["counts"]["restored_cases"] = back["cases"]
    result["lost"] += [f"the backup made under fire: {fault}" for fault in back["faults"]]


def _until_done(keeper: Any, town: str) -> float:
    """Seconds until the platform's own workers have done every row that was left for them."""
    began = time.monotonic()
    while time.monotonic() < began + BACKLOG:
        if not keeper.chore("rows_left", key=f"chaos:{town}:")["rows"]:
            break
        time.sleep(0.2)
    else:
        return BACKLOG + 1
    return time.monotonic() - began


def _judge(keeper: Any, wanted: Any, play: Any, result: dict[str, Any]) -> None:
    name = f"seed {play.life.seed} ({play.life.scenario})"
    if play.trouble or wanted.trouble:
        result["stuck"].append(f"{name}: {play.trouble or wanted.trouble}")
        return
    verdicts = [
        keeper.chore("judge", case_id=one.known["case"], acknowledged=one.acknowledged)
        for one in (wanted, play)
    ]
    expected, found = verdicts
    result["lost"] += [f"{name}: {key}" for key in found["lost"]]
    result["doubled"] += [f"{name}: {key}" for key in found["doubled"]]
    if found["stuck"]:
        result["stuck"].append(f"{name}: {found['stuck']}")
    for part, value in expected["stands"].items():
        if value != found["stands"][part]:
            result["different"].append(f"{name}: {part}: {value} became {found['stands'][part]}")


def verify() -> list[str]:
    """What is wrong with the history, chain by chain."""
    from huiyin.history import selectors

    return [f"{fault.subject} {fault.seq}: {fault.what}" for fault in selectors.faults()]


@contextmanager
def scratch() -> Iterator[Postgres]:
    """A server of our own whose commits are real, and a fresh database on it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.config.settings"
    for name in ("DATABASE_URL", "HUIYIN_REDIS_URL"):
        os.environ.pop(name, None)
    base = paths.cache_dir() / "scratch" / "chaos"
    paths.make_folder(base)
    for number in range(SLOTS):
        lock = locks.FileLock(base / f"{number}.lock")
        if lock.try_exclusive():
            break
        lock.close()
    else:
        raise refusal.CannotStart(
            f"已有 {SLOTS} 个抗毁测试在运行。", f"{SLOTS} chaos runs are under way already."
        )
    os.environ["HUIYIN_DATA"] = str(base / str(number))
    try:
        # Not a scratch directory: its server would answer before what it was told is on disk.
        embedded.open_data(new_as=Kind.DEMO, only=Kind.DEMO)
        with embedded.joined() as server:
            assert server is not None
            yield server
    finally:
        lock.close()


def database_url() -> str:
    """For processes that know only settings: the platform's own Celery worker."""
    return (
        f"postgres://{cluster.ROLE}@{quote(str(paths.socket_dir(paths.data_dir())), safe='')}:5432/{DATABASE}"
    )


def _fresh_database() -> None:
    with cluster.connect(paths.socket_dir(paths.data_dir()), cluster.ROLE, "postgres") as door:
        door.execute(f"DROP DATABASE IF EXISTS {DATABASE}")  # type: ignore[arg-type]
        door.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template1")  # type: ignore[arg-type]
    os.environ["HUIYIN_CHAOS"] = DATABASE
    from tests.chaos.harness import Worker, nursery

    keeper = Worker(nursery())
    keeper.chore("migrate")
    keeper.end()


if __name__ == "__main__":
    sys.exit(main())
