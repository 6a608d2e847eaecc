"""`manage due 2026-02-13 5 WD`: print a due date and why it falls there."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from huiyin.rules import arithmetic, calendar, explain, selectors


class Command(BaseCommand):
    """Count a deadline and say why."""

    help = "Print the due date of a deadline and why: START AMOUNT UNIT (H, WH, D, WD, M)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take start, amount and unit."""
        parser.add_argument("start", help="2026-02-13, or 2026-02-13T09:00 for hours")
        parser.add_argument("amount", type=int)
        parser.add_argument("unit", choices=[unit.value for unit in arithmetic.Unit])

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        try:
            text: str = options["start"]
            start: date | datetime = date.fromisoformat(text)
            if options["unit"] in (arithmetic.Unit.HOURS, arithmetic.Unit.WORKING_HOURS):
                start = timezone.make_aware(datetime.fromisoformat(text))
        except ValueError:
            try:
                start = timezone.make_aware(datetime.fromisoformat(options["start"]))
            except ValueError as error:
                raise CommandError(
                    f"{options['start']} is no date; write 2026-02-13 or 2026-02-13T09:00"
                ) from error
        try:
            found = arithmetic.due(start, options["amount"], options["unit"], selectors.calendar())
        except (ValueError, calendar.OutOfCalendar) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.at:%Y-%m-%d %H:%M}" if found.at else found.on.isoformat())
        for line in explain.explain(found):
            self.stdout.write(f"  {line}")
