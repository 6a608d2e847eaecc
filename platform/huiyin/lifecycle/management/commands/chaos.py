"""`manage chaos --runs N --seed S`: play lives of the shipped processes under fire, on a server of its own."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Run the kill harness."""

    help = "Kill workers, PostgreSQL and Redis at random, and compare with undisturbed runs. Leaves this data directory alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many, and from which seed on."""
        parser.add_argument("--runs", type=int, default=50)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the harness, which starts its own server, and say what it found."""
        if not (settings.ROOT / "tests" / "chaos").is_dir():
            raise CommandError("The harness is part of the source checkout, which this installation lacks.")
        command = [sys.executable, "-P", "-m", "tests.chaos", "--runs", str(options["runs"])]
        done = subprocess.run([*command, "--seed", str(options["seed"])], check=False)  # noqa: S603
        if done.returncode:
            raise CommandError("something was lost, doubled, stuck, or other than without faults: see above")
