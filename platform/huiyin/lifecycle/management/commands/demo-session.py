"""`manage demo-session --seed S`: an annual session of the demo county and the year after it, on the virtual clock."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from huiyin.core import time_source
from huiyin.history import services as history
from huiyin.lifecycle.demo import county, session
from huiyin.lifecycle.demo.county import SEED
from huiyin.lifecycle.demo.year import Year


class Command(BaseCommand):
    """Play the session and print what was done."""

    help = (
        "Play 240 suggestions, the projects, the votes and a year of handling; a second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed."""
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, seal, print."""
        if not settings.DEMO:
            raise CommandError("this data directory is a real one; a session is played in a demo only")
        with connection.cursor() as cursor:
            # Held to the end of the connection: the start of the server plays the session beside us, say.
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('huiyin.demo-session'))")
            if not cursor.fetchone()[0]:
                raise CommandError("the session is being played by another process")
        if other := session.other_seed(options["seed"]):
            raise CommandError(f"the session was begun with the seed {other}; go on with --seed {other}")
        started = time.monotonic()

        def told(line: str) -> None:
            self.stderr.write(f"{time.monotonic() - started:6.1f} s  {line}")

        if session.is_played():
            self.stdout.write("the session has been played already")
            return
        year = Year(county.build(), options["seed"], time_source.now())
        counts = session.play(year, told)
        while history.seal(at=time_source.now()):
            pass
        for name, count in sorted(counts.items()):
            self.stdout.write(f"{name:20} {count}")
        self.stdout.write(f"{'seconds':20} {time.monotonic() - started:.1f}")
