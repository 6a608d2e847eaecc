"""`manage load_profile zhejiang-2016`: enter a changed rule profile as its next version."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from huiyin.directory.models import Jurisdiction
from huiyin.rules import services


class Command(BaseCommand):
    """Enter a profile from its data file."""

    help = "Enter a rule profile's next version for every jurisdiction that uses it; unchanged content changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the profile's code."""
        parser.add_argument("code", help="the file's name under rules/data/, without .yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it; cases under way keep the version they are pinned to."""
        code = options["code"]
        users = Jurisdiction.objects.filter(profiles__code=code, is_trial=False).distinct()
        if not users:
            raise CommandError(f"no jurisdiction uses a profile {code}")
        for jurisdiction in users:
            try:
                with transaction.atomic():
                    profile = services.load_profile(jurisdiction=jurisdiction, code=code)
            except FileNotFoundError as error:
                raise CommandError(f"{error.filename} does not exist") from error
            except IntegrityError as error:
                raise CommandError(
                    f"{code} has changed: give it a later valid_from, so that both versions stay"
                ) from error
            self.stdout.write(f"{jurisdiction.name}: {profile.name}, valid from {profile.valid_from}")
