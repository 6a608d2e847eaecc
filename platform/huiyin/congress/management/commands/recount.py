"""`manage recount FILE`: count a ballot's votes anew and say whether the result is the stored one."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huiyin.congress import counting


class Command(BaseCommand):
    """Recount a file; no database is asked."""

    help = "Count the votes of a recount file anew, and compare the result with the one that stands in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount and compare."""
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
            result = counting.recount(document).as_dict()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"this file can't be recounted: {error}") from error
        for one in result["standings"]:
            mark = "elected" if one["number"] in result["elected"] else ""
            mark = "tied" if one["number"] in result["tied"] else mark
            self.stdout.write(f"{one['number']:>4} {one['votes']:>5} votes {one['points']:>6} points {mark}")
        self.stdout.write(
            f"{result['status']}: {result['cast']} of {result['roll']} cast, {result['invalid']} invalid"
        )
        if result != document.get("result"):
            raise CommandError("the recount DIFFERS from the stored result")
        self.stdout.write("the recount equals the stored result")
