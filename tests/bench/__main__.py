"""`python3 run.py bench [--json] [--small]`: every figure with its target; exit status 1 if one is missed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from huiyin.config import cluster, embedded, interrupts, locks, paths, refusal
from huiyin.config.datadir import Kind
from tests.bench.measuring import Figure

SIZES = (10_000, 1_000_000)
BASE, SMALL, BIG, COUNTY = "huiyin_bench", "huiyin_bench_small", "huiyin_bench_big", "huiyin_bench_county"
#: Matters of one county (domain: scale in the article).
COUNTY_CASES = 65_000


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    parser.add_argument(
        "--small", action="store_true", help="archives of 10,000 and 20,000 cases, for a first look"
    )
    chosen = parser.parse_args()
    interrupts.exit_on_kill()
    return refusal.refusing(lambda: run(SIZES if not chosen.small else (10_000, 20_000), as_json=chosen.json))


def run(sizes: tuple[int, int], *, as_json: bool) -> int:
    """
    Run every section on a scratch server.

    :raises CannotStart: if the server cannot run
    """
    found: list[Figure] = []
    with scratch():
        for figure in figures(sizes):
            found.append(figure)
            if not as_json:
                print(figure, flush=True)
    if as_json:
        print(json.dumps([figure.as_dict() for figure in found], ensure_ascii=False, indent=1))
    return 1 if any(figure.kept is False for figure in found) else 0


@contextmanager
def scratch() -> Iterator[None]:
    """A scratch data directory of its own, kept for the next run."""
    os.environ.pop("DATABASE_URL", None)
    # Copying a million rows takes one statement longer than a page may.
    os.environ.update(HUIYIN_STATEMENT_MS="0", HUIYIN_DATA=str(paths.cache_dir() / "scratch" / "bench"))
    paths.make_folder(paths.data_dir().parent)
    lock = locks.FileLock(paths.data_dir().parent / "bench.lock")
    if not lock.try_exclusive():
        raise refusal.CannotStart("已有一次测速在运行。", "A bench is running already.")
    try:
        embedded.open_data(new_as=Kind.SCRATCH, only=Kind.SCRATCH)
        with embedded.joined():
            yield
    finally:
        lock.close()


def figures(sizes: tuple[int, int]) -> Iterator[Figure]:
    """Every figure, section by section."""
    import django
    from django.conf import settings

    _drop(BASE, SMALL, BIG, COUNTY)
    _create(BASE, "template1")
    settings.DATABASES["default"]["NAME"] = BASE
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.bench import engines, gate, lists, services, world

    call_command("migrate", verbosity=0)
    world.build()
    connection.close()  # nobody may be connected to a database that is copied
    _create(SMALL, BASE)
    _create(BIG, BASE)
    _create(COUNTY, BASE)
    yield from services.figures(BASE)
    yield from engines.figures()
    yield from gate.figures()
    yield from lists.figures(SMALL, BIG, sizes)
    yield from lists.pages(COUNTY, COUNTY_CASES)
    yield from services.by_workers(BASE)
    connection.close()
    _drop(BASE, SMALL, BIG, COUNTY)


def _create(name: str, template: str) -> None:
    with cluster.connect(paths.socket_dir(paths.data_dir()), cluster.ROLE, "postgres") as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]


def _drop(*names: str) -> None:
    with cluster.connect(paths.socket_dir(paths.data_dir()), cluster.ROLE, "postgres") as server:
        for name in names:
            server.execute(f"DROP DATABASE IF EXISTS {name}")  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
