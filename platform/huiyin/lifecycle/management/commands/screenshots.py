"""`manage screenshots [--site URL] [NAME …]`: take the pictures that the docs show anew, from a demo that runs."""

import importlib.util
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Run `tests.pictures` of the source checkout."""

    help = "Take the pictures of docs/pictures anew from a running demo that has played its session. Needs Chromium."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, to where, and which."""
        parser.add_argument("names", nargs="*", help="all of them if none is named")
        parser.add_argument("--site", default="http://127.0.0.1:8000")
        parser.add_argument("--folder", default=str(settings.ROOT / "docs" / "pictures"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the environment of the tests, which has the browser's driver."""
        if not (settings.ROOT / "tests" / "pictures").is_dir():
            raise CommandError("The pictures are part of the source checkout, which this installation lacks.")
        python = str(_python_of_the_tests(settings.ROOT))
        command = [
            python,
            "-P",
            "-m",
            "tests.pictures",
            options["site"],
            options["folder"],
            *options["names"],
        ]
        done = subprocess.run(command, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError("the pictures were not taken: see above")


def _python_of_the_tests(root: Path) -> Path:
    """The Python of `requirements-dev.lock`, as `run.py test` makes it."""
    spec = importlib.util.spec_from_file_location("run", root / "run.py")
    if spec is None or spec.loader is None:
        return Path(sys.executable)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Path(module.ready_python(root / "requirements-dev.lock"))
